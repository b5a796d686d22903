import type { OnDependencyFailure } from "../contracts/enqueue.ts";
import type { TaskRecord } from "../task/task-record.ts";
import type { Move } from "./move.ts";
import { waitsAs } from "./wait-moves.ts";

/** The stage of the waits given at enqueue: a task waits for those before stage 0, and sees their results in it. */
export const beforeFirstStage = -1;

/** The stage at which a task began to wait for the tasks it waits for now, also through a pause; null when for none. */
export function currentWait(task: TaskRecord): number | null {
  const waits = waitsAs(task);
  if (waits === "blocked") return beforeFirstStage;
  return waits === "suspended" && task.reason === "children" ? task.stage : null;
}

/** Whether the end of a task does more to those that wait for it than to be counted. */
export function isActedOn(dependency: Pick<TaskRecord, "status">, onFailure: OnDependencyFailure): boolean {
  return dependency.status !== "succeeded" && onFailure !== "continue";
}

/** The move of a task that need not wait for other tasks any longer; `aborted`: although not all of them have ended. */
export function releaseMove(waiter: TaskRecord, aborted: boolean): Extract<Move, { type: "wake" }> {
  const reason = waitsAs(waiter) === "blocked" ? "dependencies" : "children";
  return { type: "wake", reason, payload: null, aborted };
}
