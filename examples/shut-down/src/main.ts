import assert from "node:assert/strict";
import { createHost, defineTask } from "millrace";

const started = Promise.withResolvers<void>();
const crawl = defineTask({
  kind: "site.crawl",
  async run(input: { pages: number }, context) {
    started.resolve();
    for (let page = 1; page <= input.pages; page += 1) {
      context.signal.throwIfAborted(); // between two pages is a good place to stop
      await context.once(`page-${page}`, () => new Promise<string>((done) => setTimeout(done, 20, `page ${page}`)));
    }
    return { attempt: context.task.attempt };
  },
});

// #region signals
const host = createHost({ tasks: [crawl], stopWaitMs: 100, abortGraceMs: 2_000 });
await host.start();

let isStopping = false;
const stopped = Promise.withResolvers<void>();
process.on("SIGTERM", () => {
  // The second signal ends what still runs at once.
  void host.close({ kill: isStopping }).then(stopped.resolve);
  isStopping = true;
});
// #endregion

const { task } = await host.enqueue(crawl, { pages: 25 });
await started.promise;
process.emit("SIGTERM");
await stopped.promise;

// #region next
// The next host goes on with what was given back: nothing was lost, and no failure was counted.
await using nextHost = createHost({ tasks: [crawl] });
const given = await nextHost.getTask(task.id);
console.log(given?.state, `${given?.failures} failures, ${given?.releases} release`); // queued 0 failures, 1 release
await nextHost.start();
console.log(await nextHost.awaitResult(task.id, { timeoutMs: 20_000 })); // { attempt: 2 }
// #endregion
assert.deepEqual([given?.state, given?.failures, given?.releases], ["queued", 0, 1]);
assert.deepEqual(await nextHost.awaitResult(task.id), { attempt: 2 });
