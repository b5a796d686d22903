import { createTaskClient, createTaskHost } from "@millrace/engine";
import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import { defineTask } from "@millrace/models";
import { createMemoryTaskStore } from "@millrace/store-memory";

const greet = defineTask({ kind: "greet", run: (name: string) => `Hello ${name}` });
const store = createMemoryTaskStore();
await using host = createTaskHost({ store, executor: createInProcessTaskExecutor(), tasks: [greet] });
await host.start();

const client = createTaskClient({ store, tasks: [greet] }); // enqueues and reads, runs nothing
const { task } = await client.enqueue(greet, "Ada");
console.log(await client.awaitResult(task.id)); // Hello Ada
