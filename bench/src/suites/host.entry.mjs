// A service with nothing but a host in it, on the packages as they are published: plain JavaScript, no loader, no harness.
import { createTaskHost } from "@millrace/engine";
import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import { createSqliteTaskStore } from "@millrace/store-sqlite";

const [path, wanted] = process.argv.slice(2);
const before = process.memoryUsage.rss();
const enough = Promise.withResolvers();
let ran = 0;
const run = () => {
  if (++ran === Number(wanted)) enough.resolve();
  return null;
};
const store = createSqliteTaskStore({ path });
const executor = createInProcessTaskExecutor();
const host = createTaskHost({ store, executor, tasks: [{ kind: "bench.noop", run }] });
await host.start();
await enough.promise;
const rss = process.memoryUsage.rss();
process.send?.({ rss, before });
await host.stop();
await store.close();
process.disconnect();
