import type { Dependency, OnDependencyFailure, TaskId, TaskRecord } from "@millrace/models";
import type { StoreBench } from "./store-bench.ts";

/** How a step of a flow ends. */
export type StepEnd = "succeeded" | "failed" | "cancelled";

/** The dependencies of a task that waits for these, with one policy for all. */
export function waitingOn(
  onFailure: OnDependencyFailure,
  ...tasks: readonly { readonly id: TaskId }[]
): { readonly dependencies: readonly Dependency[] } {
  return { dependencies: tasks.map(({ id }) => ({ taskId: id, onFailure })) };
}

/** Runs a queued step to its end; others of its kind that the claim brings are given back. */
export async function endStep(bench: StoreBench, { id, kind }: TaskRecord, end: StepEnd): Promise<void> {
  const claimed = await bench.claim({ kinds: [{ kind, slots: 1_000 }] });
  for (const { task } of claimed) {
    if (task.id !== id) await bench.settle(task, { type: "release" }, false);
    else if (end === "succeeded") await bench.succeed(task, `"${id}"`);
    else if (end === "failed") await bench.fail(task);
    else await bench.cancel(id, "terminate");
  }
}
