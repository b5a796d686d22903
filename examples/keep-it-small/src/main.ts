import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { createHost, defineTask, retention, watchdog } from "millrace";

const ping = defineTask({ kind: "site.ping", run: (input: { n: number }) => input.n });
const silent = defineTask({
  kind: "site.crawl",
  run: (_input: unknown, context) => wait(60_000, undefined, { signal: context.signal }),
});

// #region services
const pruned = Promise.withResolvers<number>();
const stale = Promise.withResolvers<string>();
await using host = createHost({
  tasks: [ping, silent],
  services: [
    retention(
      {
        successTtlMs: 24 * 3_600_000, // a day after it has succeeded
        failedTtlMs: 14 * 24 * 3_600_000,
        cancelledTtlMs: 24 * 3_600_000,
        keepLatestSuccessesPerKind: 2,
        stepLimitPerTask: 200,
      },
      { intervalMs: 1_000, onPruned: ({ deletedTasks }) => pruned.resolve(deletedTasks) },
    ),
    watchdog({ watchdogMs: 200, intervalMs: 1_000, onStale: ({ kind }) => stale.resolve(kind) }),
  ],
});
// #endregion

const pings = await host.enqueueMany([1, 2, 3, 4, 5].map((n) => ({ task: ping, input: { n } })));
await host.start();
await Promise.all(pings.map(({ task }) => host.awaitResult(task.id, { timeoutMs: 10_000 })));

// #region own
// A task may say it itself: removed as soon as it has ended, its result is still answered.
const brief = await host.enqueue(ping, { n: 6 }, { retainForMs: 0 });
console.log(await host.awaitResult(brief.task.id, { timeoutMs: 10_000 })); // 6
console.log(await host.getTask(brief.task.id)); // null
// #endregion
assert.equal(await host.getTask(brief.task.id), null);

await host.enqueue(silent, null);
console.log(`${await stale.promise} is stale`);
console.log(`${await pruned.promise} removed`);
assert.equal((await host.readAggregate({ kinds: ["site.ping"] })).total.count, 2);
await host.stop({ graceMs: 0 });
