import { createTaskHost } from "@millrace/engine";
import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import { defineTask } from "@millrace/models";
import { createPostgresTaskStore } from "@millrace/store-postgres";
import { noop } from "./millrace-parts.ts";

// A host with the default settings, in a process of its own, which says when a run begins. `held`: no run of it ends.
const [connectionString, mode] = process.argv.slice(2);
if (!connectionString) throw new Error("a host needs a database");

const task = defineTask({
  kind: noop.kind,
  run: (_input: unknown) => {
    process.send?.("begun");
    return mode === "held" ? new Promise(() => {}) : null;
  },
});
const host = createTaskHost({
  store: createPostgresTaskStore({ connectionString }),
  executor: createInProcessTaskExecutor(),
  tasks: [task],
});
await host.start();
process.send?.("up");
