import { execFile, fork } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Suite, Variant } from "../harness/suite.ts";
import { noop, openHost, openStore, payload } from "./millrace-parts.ts";

/** A service that opens a file with so many queued tasks and works on 20,000 of them. */
const onDisk =
  (queued: number): Variant =>
  async ({ folder, scale }) => {
    await build();
    await inOwnProcess(folder, Math.max(20_000, Math.round(queued * scale)));
    const entry = new URL("./host.entry.mjs", import.meta.url);
    // Without the condition under which packages are their sources: what runs is what users install.
    const child = fork(entry, [join(folder, "tasks.sqlite"), "20000"], { execArgv: [] });
    const { rss, before } = await new Promise<{ readonly rss: number; readonly before: number }>((resolve, reject) => {
      child.once("message", (message) => resolve(message as { readonly rss: number; readonly before: number }));
      child.once("exit", (code) => reject(new Error(`the host ended with ${code}`)));
    });
    return { rssMB: rss / 1e6, grownMB: (rss - before) / 1e6 };
  };

/** Builds the packages; nothing happens when they are as they were. */
async function build(): Promise<void> {
  const root = new URL("../../../", import.meta.url);
  const turbo = new URL("node_modules/.bin/turbo", root);
  await promisify(execFile)(turbo.pathname, ["run", "build", "--output-logs=errors-only"], { cwd: root });
}

/** Fills in a process of its own, so that what filling needs does not count. */
async function inOwnProcess(folder: string, count: number): Promise<void> {
  const child = fork(new URL("./fill.entry.ts", import.meta.url), [folder, String(count)]);
  await new Promise<void>((resolve, reject) => {
    child.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`filling ended with ${code}`))));
  });
}

/** 200,000 tasks through one host: what stays on the heap. */
const heap: Variant = async ({ folder, scale }) => {
  const store = openStore(folder, "normal");
  const host = openHost(store, 10);
  await host.start();
  const each = Math.round(20_000 * scale);
  const sizes: number[] = [];
  for (let round = 0; round <= 10; round += 1) {
    await through(host, each);
    globalThis.gc?.();
    globalThis.gc?.();
    sizes.push(process.memoryUsage().heapUsed);
  }
  await host.stop();
  await store.close();
  // The first round warms everything up; the ten after it are the 200,000.
  const first = sizes[0] ?? 0;
  const last = sizes.at(-1) ?? 0;
  return { firstMiB: first / 2 ** 20, lastMiB: last / 2 ** 20, growthPercent: ((last - first) / first) * 100 };
};

async function through(host: ReturnType<typeof openHost>, count: number): Promise<void> {
  let done = 0;
  const drained = Promise.withResolvers<null>();
  const off = host.onLifecycleEvent(({ event }) => {
    if (event === "succeeded" && ++done === count) drained.resolve(null);
  });
  for (let made = 0; made < count; made += 500) {
    const size = Math.min(500, count - made);
    await host.enqueueMany(Array.from({ length: size }, (_, n) => ({ task: noop, input: payload(n) })));
  }
  await drained.promise;
  off();
}

export const memorySuite: Suite = {
  name: "memory",
  title: "SQLite: memory of a host",
  method:
    "The resident size of a process that holds nothing but a host, on the built packages, which opens a file with 20,000 or 1,000,000 queued tasks " +
    "and has run 20,000 of them: runtime, code, connections, caches, threads. And by how much it has grown since its modules were loaded. And " +
    "the heap after a forced collection, after 20,000 tasks and again 200,000 tasks later.",
  variants: { "20,000 queued on disk": onDisk(20_000), "1M queued on disk": onDisk(1_000_000), "200,000 tasks": heap },
  targets: [
    { label: "resident size with 1M queued, MB", of: "1M queued on disk.rssMB", atMost: 150 },
    { label: "heap growth over 200,000 tasks, %", of: "200,000 tasks.growthPercent", atMost: 2 },
  ],
};
