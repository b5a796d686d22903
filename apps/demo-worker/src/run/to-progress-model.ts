import type { TaskSnapshot } from "@millrace/models";
import type { ProgressModel, ProgressState, ProgressTask } from "../terminal/progress-model.ts";

/** The part of a snapshot that a progress bar needs. */
export type ShownTask = Pick<
  TaskSnapshot,
  "failures" | "failure" | "finishedAt" | "id" | "kind" | "openDependencies" | "startedAt" | "state" | "summary"
> & { readonly progress: Pick<TaskSnapshot["progress"], "label" | "percent"> };

export interface ProgressSource {
  readonly title: string;
  readonly startedAt: number;
  readonly maxAttempts: number;
  /** In the order in which they are shown. */
  readonly snapshots: readonly ShownTask[];
}

/** What the terminal shows of the tasks as the store has them. */
export function toProgressModel({ title, startedAt, maxAttempts, snapshots }: ProgressSource): ProgressModel {
  return { title, startedAt, tasks: snapshots.map((snapshot) => toProgressTask(snapshot, maxAttempts)) };
}

function toProgressTask(snapshot: ShownTask, maxAttempts: number): ProgressTask {
  const state = stateOf(snapshot);
  return {
    id: snapshot.id,
    label: snapshot.summary ?? snapshot.kind,
    state,
    percent: snapshot.progress.percent,
    note: noteOf(snapshot, state),
    attempt: triesOf(snapshot, state),
    maxAttempts,
    startedAt: snapshot.startedAt,
    finishedAt: snapshot.finishedAt,
  };
}

/** Which try it is, of those that count: one that ended because its host died is no failure of the task. */
function triesOf({ failures }: ShownTask, state: ProgressState): number {
  if (state === "waiting") return 0;
  return state === "running" || state === "succeeded" ? failures + 1 : failures;
}

function stateOf({ state, failures }: ShownTask): ProgressState {
  switch (state) {
    case "claimed":
    case "running":
    case "stale":
      return "running";
    case "retrying":
      return "retrying";
    case "queued":
      // Due again after a failure, and not yet taken up.
      return failures > 0 ? "retrying" : "waiting";
    case "blocked":
    case "scheduled":
    case "suspended":
    case "paused":
      return "waiting";
    case "succeeded":
    case "failed":
    case "cancelled":
      return state;
  }
}

function noteOf({ progress, failure, openDependencies }: ShownTask, state: ProgressState): string {
  if (state === "failed" || state === "retrying") return failure?.message ?? "";
  if (state === "waiting") return openDependencies > 0 ? `waits for ${String(openDependencies)}` : "";
  return progress.label ?? "";
}
