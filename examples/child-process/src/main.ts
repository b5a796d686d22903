import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { createHost, isTaskError } from "millrace";

// #region host
await using host = createHost({
  handlers: [
    {
      kind: "text.count",
      // A handler that is a module runs in a child process; one that is a function runs in this one.
      entrypoint: { module: new URL("./count-words.ts", import.meta.url) },
      timeoutMs: 30_000,
      retry: { maxAttempts: 2 },
    },
    { kind: "text.crash", entrypoint: { module: new URL("./crash.ts", import.meta.url) } },
  ],
});
await host.start();
// #endregion

// #region run
const { task } = await host.enqueue("text.count", { path: fileURLToPath(import.meta.url) });
const output = await host.awaitResult<{ words: number; pid: number }>(task.id, { timeoutMs: 20_000 });
console.log(`${output.words} words, counted by process ${output.pid}; this is process ${process.pid}`);
// #endregion
assert.notEqual(output.pid, process.pid);

// #region crash
const crash = await host.enqueue("text.crash");
try {
  await host.awaitResult(crash.task.id, { timeoutMs: 20_000 });
  assert.fail("it must not succeed");
} catch (error) {
  if (!isTaskError(error, "TASK_FAILED")) throw error;
  const { failure } = (await host.getTask(crash.task.id)) ?? {};
  console.log(failure?.code); // CHILD_CRASHED: the child is gone, this process is not
  assert.equal(failure?.code, "CHILD_CRASHED");
}
// #endregion
