import type { ReactElement } from "react";
import type { ShownTask } from "../api/answers.ts";
import { exactText } from "../format/numbers.ts";
import { lineText } from "../format/texts.ts";
import { hrefOf } from "../routes/route.ts";
import { TaskLink } from "./task-facts.tsx";

interface BulkValues {
  readonly action?: unknown;
  readonly q?: unknown;
  readonly count?: unknown;
  readonly by?: unknown;
  readonly why?: unknown;
  readonly done?: unknown;
  readonly refused?: unknown;
  readonly refusals?: unknown;
}

/** What a bulk action was asked to do, how far it is, and what was refused. */
export function BulkPanel({ task }: { readonly task: ShownTask }): ReactElement {
  const { action, q, count, by, why } = valuesOf(task.input);
  const now = valuesOf(task.output ?? task.progress.meta);
  const refusals = Array.isArray(valuesOf(task.output).refusals)
    ? (valuesOf(task.output).refusals as readonly { readonly taskId: string; readonly code: string }[])
    : [];
  const query = typeof q === "string" ? q : "";
  return (
    <section className="panel" aria-label="Bulk action">
      <div className="panel-head">
        <h2 className="panel-title">
          {lineText(String(action), 20)} every match of{" "}
          <span className="mono">{query === "" ? "(everything)" : lineText(query, 200)}</span>
        </h2>
      </div>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 p-4 sm:grid-cols-[auto_1fr_auto_1fr]">
        <dt className="text-text-3">Counted</dt>
        <dd>{numberText(count)}</dd>
        <dt className="text-text-3">Done</dt>
        <dd>{numberText(now.done)}</dd>
        <dt className="text-text-3">Refused</dt>
        <dd>{numberText(now.refused)}</dd>
        <dt className="text-text-3">Asked by</dt>
        <dd>{typeof by === "string" ? lineText(by, 200) : "—"}</dd>
        {typeof why === "string" ? (
          <>
            <dt className="text-text-3">Why</dt>
            <dd>{lineText(why, 500)}</dd>
          </>
        ) : null}
        <dt className="text-text-3">List</dt>
        <dd>
          <a href={hrefOf({ page: "tasks", q: query })}>What matches now</a>
        </dd>
      </dl>
      {refusals.length === 0 ? null : (
        <ul className="divide-y divide-line border-t border-line">
          {refusals.map(({ taskId, code }) => (
            <li key={taskId} className="flex gap-4 px-4 py-1.5">
              <TaskLink id={taskId} />
              <span className="mono text-warn">{code}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function valuesOf(value: unknown): BulkValues {
  return typeof value === "object" && value !== null ? value : {};
}

function numberText(value: unknown): string {
  return typeof value === "number" ? exactText(value) : "—";
}
