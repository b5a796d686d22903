import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { createHost, defineTask, isTaskError } from "millrace";

// #region handler
const download = defineTask({
  kind: "file.download",
  timeoutMs: 300,
  async run(input: { forMs: number }, context) {
    // Whatever takes a signal takes this one: fetch, timers, streams, database drivers.
    await wait(input.forMs, undefined, { signal: context.signal });
    return "done";
  },
});
// #endregion

await using host = createHost({ tasks: [download], sweepIntervalMs: 200 });
await host.start();
const ended = (taskId: string): Promise<unknown> =>
  host.awaitResult(taskId, { timeoutMs: 10_000 }).catch((error: unknown) => error);
const running = async (taskId: string): Promise<void> => {
  while ((await host.getTask(taskId))?.state !== "running") await wait(10);
};

// #region timeout
const slow = await host.enqueue(download, { forMs: 60_000 });
const timedOut = await ended(slow.task.id);
console.log(isTaskError(timedOut, "TASK_TIMED_OUT")); // true
// #endregion
assert(isTaskError(timedOut, "TASK_TIMED_OUT"));

// #region cancel
const unwanted = await host.enqueue(download, { forMs: 60_000 }, { timeoutMs: null });
await running(unwanted.task.id);
const asked = await host.cancel(unwanted.task.id, "the user closed the page", { by: "ada" });
console.log(asked?.state, asked?.cancelRequestedAt !== null); // running true: it is asked to stop
const cancelled = await ended(unwanted.task.id);
console.log(isTaskError(cancelled, "TASK_CANCELLED")); // true
// #endregion
assert(isTaskError(cancelled, "TASK_CANCELLED"));

// #region terminate
const stubborn = await host.enqueue(download, { forMs: 60_000 }, { timeoutMs: null });
await running(stubborn.task.id);
const terminated = await host.cancel(stubborn.task.id, "now", { mode: "terminate" });
console.log(terminated?.state); // cancelled: whatever its handler still answers is refused
// #endregion
assert.equal(terminated?.state, "cancelled");

// #region expire
const late = await host.enqueue(download, { forMs: 1 }, { delayMs: 60_000, expiresInMs: 100 });
const expired = await ended(late.task.id);
console.log(isTaskError(expired, "TASK_EXPIRED")); // true
// #endregion
assert(isTaskError(expired, "TASK_EXPIRED"));
