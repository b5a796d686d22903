import { useState, type ReactElement } from "react";
import type { ErrorGroup, ErrorGroups } from "../api/answers.ts";
import { read } from "../api/request.ts";
import { useObstacle } from "../api/use-about.ts";
import { ActionButton } from "../controls/action-button.tsx";
import { Ago } from "../controls/moment.tsx";
import { EmptyNote, Loading, ProblemNote } from "../controls/notes.tsx";
import { Sparkline } from "../controls/sparkline.tsx";
import { countText, plural } from "../format/numbers.ts";
import { lineText } from "../format/texts.ts";
import { useLiveQuery } from "../live/use-live-query.ts";
import { hrefOf } from "../routes/route.ts";
import { BulkDialog } from "../tasks/bulk-dialog.tsx";

/** Failures that are alike, as one line each. */
export function ErrorsPage(): ReactElement {
  const { data, error, refetch } = useLiveQuery<ErrorGroups>({
    queryKey: ["errors"],
    queryFn: ({ signal }) => read<ErrorGroups>("errors", { signal }),
    everyMs: 20_000,
  });
  const [asked, ask] = useState<ErrorGroup | null>(null);
  if (error && !data) return <ProblemNote problem={error} onAgain={() => void refetch()} />;
  if (!data) return <Loading lines={8} label="Errors are loading" />;
  const { groups, searched, complete } = data;
  return (
    <div className="flex flex-col gap-3">
      <h1 className="sr-only">Errors</h1>
      <p className="text-text-2">
        {plural(groups.length, "group")} of {complete ? "all" : "the newest"} {plural(searched, "failed task")}, by what
        was thrown, where, and its code.
      </p>
      <div className="panel overflow-hidden">
        {groups.length === 0 ? (
          <EmptyNote title="Nothing has failed">
            <p>Tasks that failed for good appear here, those of one making as one line.</p>
          </EmptyNote>
        ) : (
          <ul className="divide-y divide-line">
            {groups.map((group) => (
              <Group key={group.fingerprint ?? group.q} group={group} onRetry={() => ask(group)} />
            ))}
          </ul>
        )}
      </div>
      {asked ? <BulkDialog verb="retry" q={asked.q} onClose={() => ask(null)} /> : null}
    </div>
  );
}

function Group({ group, onRetry }: { readonly group: ErrorGroup; readonly onRetry: () => void }): ReactElement {
  const { name, code, message, frame, kinds, count, firstAt, lastAt, lastTaskId, q, recent } = group;
  const noRetry = useObstacle("retry");
  const names = Object.entries(kinds).toSorted(([, one], [, other]) => other - one);
  return (
    <li className="grid items-center gap-x-4 gap-y-2 px-4 py-3 md:grid-cols-[1fr_140px_auto]">
      <div className="min-w-0">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <a href={hrefOf({ page: "tasks", q })} className="font-semibold text-bad wrap-anywhere">
            {lineText(code === null || code.startsWith("TASK_") ? name : code, 120)}
          </a>
          <span className="min-w-0 wrap-anywhere">{lineText(message, 240)}</span>
        </p>
        <p className="mt-0.5 flex flex-wrap gap-x-3 text-text-2">
          {frame === null ? null : <span className="mono wrap-anywhere">{lineText(frame, 160)}</span>}
          <span className="wrap-anywhere">
            {names
              .slice(0, 3)
              .map(([kind]) => lineText(kind, 80))
              .join(", ")}
            {names.length > 3 ? ` and ${names.length - 3} more` : ""}
          </span>
          <span>
            first <Ago at={firstAt} />, last{" "}
            <a href={hrefOf({ page: "task", taskId: lastTaskId })}>
              <Ago at={lastAt} />
            </a>
          </span>
        </p>
      </div>
      <div className="flex items-center gap-3">
        <a
          href={hrefOf({ page: "tasks", q })}
          className="w-12 shrink-0 text-end text-lg font-semibold text-text"
          aria-label={`${plural(count, "task")}: show them`}
        >
          {countText(count)}
        </a>
        <Sparkline values={recent} label={`${plural(count, "failure")} over time`} tone="bad" />
      </div>
      <ActionButton why={noRetry ?? undefined} onClick={onRetry}>
        Retry {countText(count)}
      </ActionButton>
    </li>
  );
}
