import assert from "node:assert/strict";
import { createHost, defineTask } from "millrace";

let atOnce = 0;
let most = 0;
const importUsers = defineTask({
  kind: "users.import",
  async run(_input: { file: string }) {
    most = Math.max(most, ++atOnce);
    await new Promise((resolve) => setImmediate(resolve));
    atOnce -= 1;
    return null;
  },
});

// #region kind-limits
const sendMail = defineTask({
  kind: "mail.send",
  concurrency: { limit: 2 }, // at most two at once, over every host of the store
  rate: { count: 100, perMs: 1_000 }, // at most 100 start in a second
  run: (input: { to: string }) => `sent to ${input.to}`,
});
// #endregion

await using host = createHost({ tasks: [importUsers, sendMail] });

// #region dedupe
// Twenty callers, one task: an open task of the same dedupe key answers all of them.
const answers = await Promise.all(
  Array.from({ length: 20 }, () => host.enqueue(importUsers, { file: "a.csv" }, { dedupeKey: "a.csv" })),
);
const created = answers.filter(({ disposition }) => disposition === "created").length;
console.log(`${created} created, ${answers.length - created} reused`);
// #endregion
assert.equal(created, 1);

// #region supersede
// The newest wins: older open tasks of the supersede key are cancelled.
const older = await host.enqueue(importUsers, { file: "b.csv" }, { supersedeKey: "b" });
const newer = await host.enqueue(importUsers, { file: "b.csv" }, { supersedeKey: "b", supersedeExisting: true });
console.log(newer.supersededTaskIds.length, (await host.getTask(older.task.id))?.reason); // 1 TASK_SUPERSEDED
// #endregion
assert.equal((await host.getTask(older.task.id))?.reason, "TASK_SUPERSEDED");

// #region debounce
// Each call puts the start off again: the task runs once, half a second after the last of them.
const options = { dedupeKey: "index", dedupePolicy: "replace", debounceMs: 500 } as const;
const first = await host.enqueue(importUsers, { file: "index-1" }, options);
const last = await host.enqueue(importUsers, { file: "index-2" }, options);
console.log(first.task.id === last.task.id, last.task.input); // true { file: "index-2" }
// #endregion
assert.deepEqual([last.task.id, last.task.input], [first.task.id, { file: "index-2" }]);

// #region throttle
// At most one task of the key in a minute, even after it has ended: the last one answers.
const throttled = { dedupeKey: "digest", throttleMs: 60_000 };
const one = await host.enqueue(importUsers, { file: "digest" }, throttled);
const two = await host.enqueue(importUsers, { file: "digest" }, throttled);
console.log(one.disposition, two.disposition); // created reused
// #endregion
assert.deepEqual([one.disposition, two.disposition], ["created", "reused"]);

// #region concurrency
// One key, one at a time, over every host of the store.
const many = await host.enqueueMany(
  Array.from({ length: 10 }, (_, n) => ({
    task: importUsers,
    input: { file: `${n}.csv` },
    options: { concurrencyKey: "tenant-7" },
  })),
);
// #endregion
const mails = await host.enqueueMany(Array.from({ length: 5 }, () => ({ task: sendMail, input: { to: "ada" } })));
await host.start();
await Promise.all([...many, ...mails].map(({ task }) => host.awaitResult(task.id, { timeoutMs: 20_000 })));
await host.awaitResult(last.task.id, { timeoutMs: 10_000 });
await host.awaitResult(newer.task.id, { timeoutMs: 10_000 });
console.log(`${(await host.readAggregate()).byStatus.succeeded.count} succeeded, at most ${most} at once`);
