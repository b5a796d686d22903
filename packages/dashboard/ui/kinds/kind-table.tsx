import { useQueryClient } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import type { KindRow } from "../api/answers.ts";
import { pathPart, send, type ApiProblem } from "../api/request.ts";
import { useObstacle } from "../api/use-about.ts";
import { ActionButton } from "../controls/action-button.tsx";
import { Columns, type Column } from "../controls/columns.tsx";
import { Dialog } from "../controls/dialog.tsx";
import { EmptyNote, ProblemNote } from "../controls/notes.tsx";
import { useToast } from "../controls/toasts.tsx";
import { durationText, relativeText } from "../format/durations.ts";
import { countText, percentText } from "../format/numbers.ts";
import { lineText, middleText } from "../format/texts.ts";
import { quoted } from "../query/query-text.ts";
import { hrefOf } from "../routes/route.ts";
import { Glyph } from "../state/glyph.tsx";
import { kindTrouble, sortedKinds, type KindOrder } from "./kind-order.ts";

const columns: readonly Column[] = [
  { name: "Kind" },
  { name: "Queued", look: "end w-22" },
  { name: "Running", look: "end w-22 max-sm:hidden" },
  { name: "Oldest", look: "end w-20 max-lg:hidden" },
  { name: "A minute", look: "end w-22 max-lg:hidden" },
  { name: "Failed", look: "end w-24" },
  { name: "p95 run", look: "end w-22 max-lg:hidden" },
  { name: "Hosts", look: "end w-18 max-md:hidden" },
  { name: "Actions", look: "w-28", isNamedQuietly: true },
];

/** Kinds of tasks: how much waits, runs and fails of each, and the switch that stops it. */
export function KindTable({ kinds, now }: { readonly kinds: readonly KindRow[]; readonly now: number }): ReactElement {
  const [find, setFind] = useState("");
  const [order, setOrder] = useState<KindOrder>("attention");
  const [asked, ask] = useState<KindRow | null>(null);
  const shown = sortedKinds(kinds, order).filter(({ kind }) => kind.toLowerCase().includes(find.trim().toLowerCase()));
  return (
    <section className="panel overflow-hidden" aria-label="Kinds">
      <div className="panel-head">
        <h2 className="panel-title">Kinds</h2>
        <div className="grow" />
        <label className="flex items-center gap-1.5 text-text-2">
          Sort
          <select
            className="input w-auto!"
            value={order}
            onChange={({ target }) => setOrder(target.value as KindOrder)}
          >
            <option value="attention">what needs a look</option>
            <option value="name">name</option>
            <option value="queued">queued</option>
            <option value="failed">failed</option>
          </select>
        </label>
        <input
          type="search"
          className="input w-40!"
          placeholder="Find a kind"
          aria-label="Find a kind"
          value={find}
          onChange={({ target }) => setFind(target.value)}
        />
      </div>
      {shown.length === 0 ? (
        <EmptyNote title={kinds.length === 0 ? "No kinds yet" : "No kind has this in its name"} />
      ) : (
        <table className="table">
          <Columns of={columns} />
          <tbody>
            {shown.map((row) => (
              <Row key={row.kind} row={row} now={now} onAsk={() => ask(row)} />
            ))}
          </tbody>
        </table>
      )}
      {asked ? <PauseDialog row={asked} onClose={() => ask(null)} /> : null}
    </section>
  );
}

function Row({
  row,
  now,
  onAsk,
}: {
  readonly row: KindRow;
  readonly now: number;
  readonly onAsk: () => void;
}): ReactElement {
  const { kind, queued, running, ended, failed, perMinute, p95RunMs, oldestDueAt, hosts, slots, paused } = row;
  const trouble = kindTrouble(row);
  const noRight = useObstacle(paused === null ? "pause" : "resume");
  const of = (states: string): string => hrefOf({ page: "tasks", q: `kind:${quoted(kind)} state:${states}` });
  return (
    <tr>
      <th scope="row">
        <a
          href={hrefOf({ page: "tasks", q: `kind:${quoted(kind)}` })}
          className="font-medium text-text"
          title={lineText(kind)}
        >
          {middleText(lineText(kind, 200), 48)}
        </a>
        {paused === null ? null : (
          <span className="ml-2 text-text-2" title={lineText(paused.why ?? "", 500)}>
            <span className="mr-1 inline-block align-middle">
              <Glyph name="bars" size={12} />
            </span>
            paused by {lineText(paused.by ?? "somebody", 60)}, {relativeText(paused.at, now)}
            {paused.why ? `: ${lineText(paused.why, 120)}` : ""}
          </span>
        )}
      </th>
      <td className="end">
        <a href={of("queued")}>{countText(queued)}</a>
      </td>
      <td className="end max-sm:hidden">
        <a href={of("running,claimed,stale")}>
          {countText(running)}
          {slots === undefined ? "" : `/${slots}`}
        </a>
      </td>
      <td className="end text-text-2 max-lg:hidden">
        {oldestDueAt === null ? "—" : durationText(Math.max(0, now - oldestDueAt))}
      </td>
      <td className="end text-text-2 max-lg:hidden">
        {perMinute < 10 ? Math.round(perMinute * 10) / 10 : countText(Math.round(perMinute))}
      </td>
      <td className="end">
        <a href={of("failed")} className={trouble === "failing" ? "font-medium text-bad" : ""}>
          {ended === 0 ? "—" : percentText(failed / ended)}
          {trouble === "failing" ? (
            <span className="ml-1 inline-block align-middle">
              <Glyph name="cross" tone="bad" size={12} />
            </span>
          ) : null}
        </a>
      </td>
      <td className="end text-text-2 max-lg:hidden">{durationText(p95RunMs)}</td>
      <td className="end max-md:hidden">
        {hosts === null ? "—" : hosts}
        {trouble === "unserved" ? (
          <span className="ml-1 inline-block align-middle" title="No host serves this kind">
            <Glyph name="triangle" tone="warn" size={12} />
            <span className="sr-only">no host serves this kind</span>
          </span>
        ) : null}
      </td>
      <td className="end">
        <ActionButton
          className="min-h-6! py-0!"
          why={noRight ?? undefined}
          aria-label={`${paused === null ? "Pause" : "Resume"} ${lineText(kind, 80)}`}
          onClick={onAsk}
        >
          {paused === null ? "Pause" : "Resume"}
        </ActionButton>
      </td>
    </tr>
  );
}

function PauseDialog({
  row: { kind, paused },
  onClose,
}: {
  readonly row: KindRow;
  readonly onClose: () => void;
}): ReactElement {
  const [why, setWhy] = useState("");
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const client = useQueryClient();
  const toast = useToast();
  const verb = paused === null ? "Pause" : "Resume";
  const run = (): void => {
    const body = paused === null && why.trim() !== "" ? { why: why.trim() } : {};
    send(`kinds/${pathPart(kind)}/${paused === null ? "pause" : "resume"}`, body).then(
      () => {
        onClose();
        toast({ text: paused === null ? "Paused: hosts take no more of it." : "Hosts take it again." });
        void client.invalidateQueries();
      },
      (error: ApiProblem) => setProblem(error),
    );
  };
  return (
    <Dialog
      title={`${verb} ${lineText(kind, 80)}?`}
      onClose={onClose}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            Leave it
          </button>
          <ActionButton look="primary" onClick={run}>
            {verb}
          </ActionButton>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <p>
          {paused === null
            ? "Hosts take no more tasks of this kind until somebody resumes it; those that run go on. It stays paused over restarts."
            : "Hosts take its tasks again from now on."}
        </p>
        {problem ? <ProblemNote problem={problem} /> : null}
        {paused === null ? (
          <label className="flex flex-col gap-1">
            <span className="text-text-2">Why, for those who look later</span>
            <input className="input" maxLength={500} value={why} onChange={({ target }) => setWhy(target.value)} />
          </label>
        ) : null}
      </div>
    </Dialog>
  );
}
