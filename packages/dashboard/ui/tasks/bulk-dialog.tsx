import { useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import type { BulkCount, ShownTask } from "../api/answers.ts";
import { read, send, type ApiProblem } from "../api/request.ts";
import { ActionButton } from "../controls/action-button.tsx";
import { Dialog } from "../controls/dialog.tsx";
import { Loading, ProblemNote } from "../controls/notes.tsx";
import { useToast } from "../controls/toasts.tsx";
import { exactText, plural } from "../format/numbers.ts";
import { lineText } from "../format/texts.ts";
import { navigate } from "../routes/current-route.ts";
import { pageSettings } from "../settings/page-settings.ts";
import { bulkTitle, bulkWords, needsTyping, type BulkVerb } from "./bulk-words.ts";

/** Asks once more before something is done to every task of a query, and says how many those are. */
export function BulkDialog({
  verb,
  q,
  onClose,
}: {
  readonly verb: BulkVerb;
  readonly q: string;
  readonly onClose: () => void;
}): ReactElement {
  const preview = useQuery<BulkCount, ApiProblem>({
    queryKey: ["bulk-preview", q],
    queryFn: ({ signal }) => read<BulkCount>("bulk", { query: { q }, signal }),
    staleTime: 0,
  });
  const { environment } = pageSettings;
  const isDanger = environment?.tone === "danger";
  const count = preview.data?.count ?? 0;
  const title = preview.data
    ? bulkTitle(verb, {
        count,
        isExact: preview.data.exact,
        q: lineText(q, 120),
        environment: environment?.name ?? null,
      })
    : `${bulkWords[verb].verb} every match?`;
  const start = useStart(verb, q, onClose);
  const [typed, type] = useState("");
  const [why, setWhy] = useState("");
  const mustType = needsTyping(verb, count, isDanger);
  const isReady =
    preview.data !== undefined &&
    count > 0 &&
    !start.isBusy &&
    (!mustType || typed.replaceAll(/[,.\s]/g, "") === String(count));
  return (
    <Dialog
      title={title}
      tone={verb === "remove" || isDanger ? "danger" : "plain"}
      onClose={onClose}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            Leave it
          </button>
          <ActionButton
            look={verb === "remove" ? "danger" : "primary"}
            disabled={!isReady}
            onClick={() => start.run(why)}
          >
            {bulkWords[verb].verb} {exactText(count)} {count === 1 ? "task" : "tasks"}
          </ActionButton>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <p>{bulkWords[verb].about} It begins in 5 seconds, and can be stopped before and while it goes on.</p>
        {preview.error ? <ProblemNote problem={preview.error} /> : null}
        {preview.data ? <ByKind counts={preview.data.byKind} /> : <Loading lines={3} />}
        {start.problem ? <ProblemNote problem={start.problem} /> : null}
        <label className="flex flex-col gap-1">
          <span className="text-text-2">Why, for those who look later</span>
          <input className="input" maxLength={500} value={why} onChange={({ target }) => setWhy(target.value)} />
        </label>
        {mustType ? (
          <label className="flex flex-col gap-1">
            <span className="text-text-2">Type {exactText(count)} to go on</span>
            <input className="input" inputMode="numeric" value={typed} onChange={({ target }) => type(target.value)} />
          </label>
        ) : null}
      </div>
    </Dialog>
  );
}

function ByKind({ counts }: { readonly counts: Readonly<Record<string, number>> }): ReactElement {
  const rows = Object.entries(counts).toSorted(([, one], [, other]) => other - one);
  if (rows.length === 0) return <p className="text-text-2">Nothing matches any more.</p>;
  return (
    <ul className="panel divide-y divide-line">
      {rows.slice(0, 8).map(([kind, count]) => (
        <li key={kind} className="flex justify-between gap-4 px-3 py-1.5">
          <span className="truncate">{lineText(kind, 100)}</span>
          <span>{exactText(count)}</span>
        </li>
      ))}
      {rows.length > 8 ? <li className="px-3 py-1.5 text-text-2">and {plural(rows.length - 8, "kind")} more</li> : null}
    </ul>
  );
}

function useStart(
  verb: BulkVerb,
  q: string,
  onDone: () => void,
): { readonly isBusy: boolean; readonly problem: ApiProblem | null; run(why: string): void } {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const toast = useToast();
  const undo = (id: string): void => {
    send(`tasks/${id}/cancel`, { reason: "Taken back" }).then(
      () => toast({ text: "Taken back: nothing was changed." }),
      (error: ApiProblem) => toast({ text: error.message, tone: "bad" }),
    );
  };
  return {
    isBusy,
    problem,
    run(why) {
      setBusy(true);
      setProblem(null);
      send<ShownTask>(`bulk/${verb}`, {
        q,
        ...(why.trim() === "" ? {} : { why: why.trim() }),
        ...(q === "" ? { all: true } : {}),
      }).then(
        (task) => {
          onDone();
          toast({
            text: `${bulkWords[verb].verb} begins in 5 seconds.`,
            action: { label: "Take back", run: () => undo(task.id) },
            ms: 5_000,
          });
          navigate({ page: "task", taskId: task.id });
        },
        (error: ApiProblem) => {
          setProblem(error);
          setBusy(false);
        },
      );
    },
  };
}
