import type { ReactElement } from "react";
import type { ShownTask } from "../api/answers.ts";
import { CopyId } from "../controls/copy.tsx";
import { Meter } from "../controls/meter.tsx";
import { Ago } from "../controls/moment.tsx";
import { durationText, relativeText } from "../format/durations.ts";
import { lineText } from "../format/texts.ts";
import { useNow } from "../live/use-now.ts";
import { StateChip } from "../state/state-chip.tsx";
import { timesOf } from "../tasks/task-summary.ts";
import { TaskActions } from "./task-actions.tsx";
import { timeLeft } from "./time-left.ts";

/** What a task is, where it stands, and what can be done about it. */
export function TaskHeader({ task, isBeside }: { readonly task: ShownTask; readonly isBeside: boolean }): ReactElement {
  const now = useNow();
  const Title = isBeside ? "h2" : "h1";
  const runs = task.state === "running" || task.state === "stale" || task.state === "claimed";
  return (
    <header className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <StateChip
          state={task.state}
          more={task.state === "retrying" ? relativeText(task.scheduledAt, now) : undefined}
        />
        <Title className="min-w-0 text-lg wrap-anywhere">{lineText(task.kind, 200)}</Title>
        <CopyId id={task.id} label="the id" />
        <div className="grow" />
        <TaskActions task={task} />
      </div>
      <p className="flex flex-wrap gap-x-2 text-text-2">
        <Line task={task} now={now} />
      </p>
      {runs ? <Running task={task} now={now} /> : null}
    </header>
  );
}

function Line({ task, now }: { readonly task: ShownTask; readonly now: number }): ReactElement {
  const { waitedMs, ranMs } = timesOf(task, now);
  const max = task.retry.maxAttempts;
  const parts = [
    task.summary === null ? null : lineText(task.summary, 300),
    task.attempt === 0 ? null : `attempt ${task.attempt}${typeof max === "number" ? ` of ${max}` : ""}`,
    waitedMs === null ? null : `waited ${durationText(waitedMs)}`,
    ranMs === null ? null : `ran ${durationText(ranMs)}`,
  ].filter((part) => part !== null);
  return (
    <>
      {parts.map((part) => (
        <span
          key={part}
          className="wrap-anywhere after:ml-2 after:text-text-3 after:content-['·'] last:after:content-none"
        >
          {part}
        </span>
      ))}
      <span>
        {task.finishedAt === null ? "made " : "ended "}
        <Ago at={task.finishedAt ?? task.createdAt} />
      </span>
    </>
  );
}

function Running({ task, now }: { readonly task: ShownTask; readonly now: number }): ReactElement {
  const { progress, leaseExpiresAt, lastSignAt, cancelRequestedAt, hostId } = task;
  const left = timeLeft(progress, now);
  const signs = [
    hostId === null ? null : `host ${lineText(hostId, 40)}`,
    leaseExpiresAt === null
      ? null
      : leaseExpiresAt > now
        ? `lease ends in ${durationText(leaseExpiresAt - now)} unless renewed`
        : "its lease has run out",
    lastSignAt === null ? null : `last sign ${relativeText(lastSignAt, now)}`,
  ].filter((part) => part !== null);
  return (
    <div className="panel flex flex-col gap-2 px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <span className="w-56 max-w-full">
          <Meter percent={progress.percent} label="Progress" />
        </span>
        <span className="min-w-9 font-semibold" data-testid="percent">
          {progress.percent === null ? "how far is unknown" : `${Math.round(progress.percent)}%`}
        </span>
        {progress.label === null ? null : <span className="wrap-anywhere">{lineText(progress.label, 300)}</span>}
        {left === null ? null : <span className="text-text-2">{left}</span>}
      </div>
      {cancelRequestedAt === null ? null : (
        <p className="text-warn" role="status">
          Cancel requested {relativeText(cancelRequestedAt, now)} · waiting for the handler. It stops where it looks at
          its signal; one that never does can be forced.
        </p>
      )}
      <p className="text-text-2">{signs.join(" · ")}</p>
    </div>
  );
}
