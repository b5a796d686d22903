import type { ReactElement, ReactNode } from "react";
import type { ShownTask } from "../api/answers.ts";
import { CopyId } from "../controls/copy.tsx";
import { Clock } from "../controls/moment.tsx";
import { durationText } from "../format/durations.ts";
import { lineText, shortId } from "../format/texts.ts";
import { quoted } from "../query/query-text.ts";
import { hrefOf } from "../routes/route.ts";

/** What else is known of a task; what is not there is not named. */
export function TaskFacts({ task }: { readonly task: ShownTask }): ReactElement {
  const facts: readonly (readonly [name: string, value: ReactNode])[] = [
    ["Id", <CopyId key="id" id={task.id} />],
    ["Made", <Clock key="made" at={task.createdAt} />],
    ["Due", task.scheduledAt === task.createdAt ? null : <Clock key="due" at={task.scheduledAt} />],
    ["Started", task.startedAt === null ? null : <Clock key="started" at={task.startedAt} />],
    ["Ended", task.finishedAt === null ? null : <Clock key="ended" at={task.finishedAt} />],
    ["Expires", task.expiresAt === null ? null : <Clock key="expires" at={task.expiresAt} />],
    ["Attempts", `${task.attempt}${typeof task.retry.maxAttempts === "number" ? ` of ${task.retry.maxAttempts}` : ""}`],
    ["Interrupted", task.interruptions === 0 ? null : `${task.interruptions} times`],
    ["Priority", task.priority === 0 ? null : String(task.priority)],
    ["Host", hostOf(task)],
    ["Time limit", task.timeoutMs === null ? null : durationText(task.timeoutMs)],
    ["Tenant", task.tenantId === "" ? null : lineText(task.tenantId, 100)],
    ["Reason", task.reason],
    ["Dedupe key", task.dedupeKey === null ? null : <Search key="dedupe" field="key" value={task.dedupeKey} />],
    [
      "Supersede key",
      task.supersedeKey === null ? null : <Search key="supersede" field="key" value={task.supersedeKey} />,
    ],
    [
      "Concurrency",
      task.concurrencyKeys.length === 0
        ? null
        : task.concurrencyKeys.map(({ key }) => <Search key={key} field="key" value={key} />),
    ],
    ["Tags", task.tags.length === 0 ? null : task.tags.map((tag) => <Search key={tag} field="tag" value={tag} />)],
    ["From", originOf(task)],
    ["Parent", task.parentId === null ? null : <TaskLink key="parent" id={task.parentId} />],
    [
      "Trace",
      task.traceParent === null ? null : (
        <span key="trace" className="mono">
          {lineText(task.traceParent, 80)}
        </span>
      ),
    ],
  ];
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 p-4 @min-[560px]:grid-cols-[auto_1fr_auto_1fr]">
      {facts.map(([name, value]) =>
        value === null ? null : (
          <div key={name} className="contents">
            <dt className="text-text-3">{name}</dt>
            <dd className="flex min-w-0 flex-wrap gap-1 wrap-anywhere">{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

function Search({ field, value }: { readonly field: string; readonly value: string }): ReactElement {
  return (
    <a href={hrefOf({ page: "tasks", q: `${field}:${quoted(value)}` })} className="wrap-anywhere">
      {lineText(value, 120)}
    </a>
  );
}

/** A task by its id. */
export function TaskLink({ id }: { readonly id: string }): ReactElement {
  return (
    <a href={hrefOf({ page: "task", taskId: id })} className="mono" title={id}>
      {shortId(id)}
    </a>
  );
}

function hostOf({ hostId, lastHostId }: ShownTask): ReactNode {
  const host = hostId ?? lastHostId;
  if (host === null) return null;
  return (
    <span className="mono" title={host}>
      {hostId === null ? "last on " : ""}
      {lineText(host, 60)}
    </span>
  );
}

function originOf({ origin: { type, id } }: ShownTask): ReactNode {
  if (type === "client") return null;
  if (type === "schedule" && id !== null) return <Search field="schedule" value={id} />;
  if (type === "task" && id !== null) return <TaskLink id={id} />;
  return id === null ? type : `${type} ${lineText(id, 100)}`;
}
