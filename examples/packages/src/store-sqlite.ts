import { createTaskHost } from "@millrace/engine";
import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import { createSqliteTaskStore } from "@millrace/store-sqlite";

await using host = createTaskHost({
  store: createSqliteTaskStore({ path: ".millrace/tasks.sqlite" }), // made when missing
  executor: createInProcessTaskExecutor(),
  tasks: [{ kind: "greet", run: (name: string) => `Hello ${name}` }],
});
await host.start();
const { task } = await host.enqueue("greet", "Ada");
console.log(await host.awaitResult(task.id)); // Hello Ada
