import type { Suite, Variant } from "../harness/suite.ts";
import { createTaskHost } from "@millrace/engine";
import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import { defineTask } from "@millrace/models";
import { fill, openStore, plainRequest } from "./millrace-parts.ts";

/** 100,000 tasks of one key of limit 1, whose holder never ends; then one task of the same kind without a key. */
const behind: Variant = async ({ folder, scale }) => {
  const store = openStore(folder, "normal");
  const count = Math.round(100_000 * scale);
  const kind = "bench.keyed";
  await fill(store, count, () => plainRequest(kind, { concurrencyKeys: [{ key: "busy", limit: 1 }] }));
  const release = Promise.withResolvers<null>();
  let free = Promise.withResolvers<number>();
  const task = defineTask({
    kind,
    run: (_input: unknown, context) => {
      if (!context.task.tags.includes("free")) return release.promise;
      free.resolve(performance.now());
      return null;
    },
  });
  const host = createTaskHost({
    store,
    executor: createInProcessTaskExecutor(),
    tasks: [task],
    runner: { concurrency: 10 },
  });
  const begun = performance.now();
  await host.start();
  await host.enqueue(task, {}, { tags: ["free"] });
  const coldMs = (await free.promise) - begun;
  free = Promise.withResolvers<number>();
  const asked = performance.now();
  await host.enqueue(task, {}, { tags: ["free"] });
  const warmMs = (await free.promise) - asked;
  release.resolve(null);
  return { coldMs, warmMs };
};

export const busyKeySuite: Suite = {
  name: "busy-key",
  title: "SQLite: the next task behind 100,000 others of one busy key",
  method:
    "100,000 tasks of one concurrency key of limit 1 whose holder does not end, then a task of the same kind without a key: from the host's " +
    "start (cold: everything still lies in the ready set), and again from its enqueue (warm).",
  variants: { "behind one key": behind },
  targets: [
    { label: "starts after, cold, ms", of: "behind one key.coldMs", atMost: 100 },
    { label: "starts after, warm, ms", of: "behind one key.warmMs", atMost: 100 },
  ],
};
