import { createTaskHost } from "@millrace/engine";
import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import { createMemoryTaskStore } from "@millrace/store-memory";

await using host = createTaskHost({
  store: createMemoryTaskStore(),
  executor: createInProcessTaskExecutor(),
  tasks: [{ kind: "greet", run: (name: string) => `Hello ${name}` }],
});
await host.start();
const { task } = await host.enqueue("greet", "Ada");
console.log(await host.awaitResult(task.id)); // Hello Ada
