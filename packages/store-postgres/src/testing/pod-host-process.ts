import { createTaskHost } from "@millrace/engine";
import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import { defineTask, type TaskContext } from "@millrace/models";
import { createPostgresTaskStore } from "../create-postgres-task-store.ts";
import type { PodHostMessage, PodHostOptions } from "./pod-host.ts";

// A host in a process of its own, which says by messages what happens to it, until it is told to end.
const options = JSON.parse(process.argv[2] ?? "") as PodHostOptions;
const say = (message: PodHostMessage): void => void process.send?.(message);

async function run(_input: unknown, { task, signal }: TaskContext): Promise<string> {
  say({ type: "begin", taskId: task.id });
  if (!options.isEndless) return host.id;
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
  say({ type: "aborted", taskId: task.id, why: String(signal.reason) });
  throw new Error("aborted");
}

const store = createPostgresTaskStore({ connectionString: options.connectionString, schema: options.schema });
let claiming: Promise<unknown> = Promise.resolve();
const host = createTaskHost({
  store: {
    ...store,
    claim(request) {
      const claim = store.claim(request);
      claiming = claim.catch(() => {});
      return claim;
    },
  },
  executor: createInProcessTaskExecutor(),
  tasks: [defineTask({ kind: "work", run })],
  ...(options.podId === null ? {} : { podId: options.podId }),
  concurrency: options.concurrency,
  leaseMs: options.leaseMs,
  heartbeatMs: options.heartbeatMs ?? 500,
  ...(options.sweepIntervalMs === undefined ? {} : { sweepIntervalMs: options.sweepIntervalMs }),
  // What is logged shall hold: a claim that was sent before may still bring something.
  loggerAdapter: ({ message }) => void claiming.then(() => say({ type: "log", message })),
});
process.once("message", () => void host.close().then(() => process.exit(0)));
process.once("disconnect", () => process.exit(1));
await host.start();
say({ type: "up", hostId: host.id });
