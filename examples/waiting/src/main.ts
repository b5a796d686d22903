import assert from "node:assert/strict";
import { createHost, createTaskId, defineTask } from "millrace";

const square = defineTask({ kind: "math.square", run: (input: { n: number }) => input.n ** 2 });

// #region dependencies
// Waits for tasks that somebody else enqueued.
const sum = defineTask({
  kind: "math.sum",
  run: (_input: unknown, context) => context.dependencies.reduce((total, { output }) => total + Number(output), 0),
});
// #endregion

// #region children
// Makes children, gives its place back, and runs again from the top once all of them have ended.
const sumOfSquares = defineTask({
  kind: "math.sum-of-squares",
  async run(input: { numbers: number[] }, context) {
    if (context.task.stage === 0) await context.spawn(input.numbers.map((n) => ({ kind: square.kind, input: { n } })));
    return context.children.reduce((total, { output }) => total + Number(output), 0);
  },
});
// #endregion

// #region signal
// Waits for a person.
const publish = defineTask({
  kind: "article.publish",
  async run(_input: unknown, context) {
    if (context.wake === null) await context.waitForSignal("approved", { timeoutMs: 60_000 });
    return context.wake?.timedOut ? "nobody answered" : `published by ${JSON.stringify(context.wake?.payload)}`;
  },
});
// #endregion

// #region sleep
// Waits for a time. Nothing is held meanwhile: no process, no timer, no place in the host.
const remind = defineTask({
  kind: "user.remind",
  async run(input: { user: string }, context) {
    if (context.task.stage === 0) await context.sleep(200, { state: { asked: input.user } });
    return { state: context.state, wake: context.wake?.reason ?? null };
  },
});
// #endregion

await using host = createHost({ tasks: [square, sum, sumOfSquares, publish, remind] });
await host.start();

// #region flow
// Three tasks and one that waits for them, all made in one transaction.
const ids = [createTaskId(), createTaskId(), createTaskId()];
const made = await host.enqueueMany([
  ...ids.map((id, n) => ({ task: square, input: { n: n + 1 }, options: { id } })),
  { task: sum, input: null, options: { waitFor: ids } },
]);
const joined = await host.awaitResult<number>(made[3]?.task.id ?? "", { timeoutMs: 10_000 });
console.log(`1² + 2² + 3² = ${joined}`);
// #endregion
assert.equal(joined, 14);

const parent = await host.enqueue(sumOfSquares, { numbers: [3, 4] });
const total = await host.awaitResult<number>(parent.task.id, { timeoutMs: 10_000 });
console.log(`3² + 4² = ${total}`);
assert.equal(total, 25);

// #region approve
const article = await host.enqueue(publish, null);
// Signals are kept until the task waits for them: it does not matter which comes first.
await host.signal(article.task.id, "approved", "Ada");
const published = await host.awaitResult<string>(article.task.id, { timeoutMs: 10_000 });
console.log(published);
// #endregion
assert.equal(published, 'published by "Ada"');

const reminder = await host.enqueue(remind, { user: "Ada" });
const reminded = await host.awaitResult(reminder.task.id, { timeoutMs: 10_000 });
console.log(reminded);
assert.deepEqual(reminded, { state: { asked: "Ada" }, wake: "timeout" });
