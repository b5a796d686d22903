import { createTaskHost } from "@millrace/engine";
import { createChildProcessTaskExecutor } from "@millrace/executor-child-process";
import { createMemoryTaskStore } from "@millrace/store-memory";

await using host = createTaskHost({
  store: createMemoryTaskStore(),
  executor: createChildProcessTaskExecutor({ size: 2 }),
  handlers: [{ kind: "greet", entrypoint: { module: new URL("./greet.ts", import.meta.url), export: "run" } }],
});
await host.start();
const { task } = await host.enqueue("greet", "Ada");
console.log(await host.awaitResult(task.id)); // Hello Ada from process 4711
