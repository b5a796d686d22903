import { createHost, createTaskStore, defineTask, type TaskHost, type TaskStore } from "millrace";

/** A task to look at. */
export const resize = defineTask({
  kind: "image.resize",
  async run(input: { n: number }, context) {
    await context.setProgress({ percent: 50 });
    return input.n;
  },
});

/** A host, its store, and what closes both. */
export interface ResizingHost extends AsyncDisposable {
  readonly host: TaskHost;
  readonly store: TaskStore;
}

/** A host with two tasks queued, not started yet. */
export async function openResizingHost(): Promise<ResizingHost> {
  const store = createTaskStore({ driver: "sqlite", sqlite: { path: ".millrace/tasks.sqlite" } });
  const host = createHost({ store, tasks: [resize] });
  await host.enqueueMany([1, 2].map((n) => ({ task: resize, input: { n } })));
  return { host, store, [Symbol.asyncDispose]: () => host[Symbol.asyncDispose]() };
}
