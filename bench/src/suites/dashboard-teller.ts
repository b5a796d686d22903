import type { LeasedReport, TaskRecord, TaskStore } from "@millrace/models";
import { plainRequest } from "./millrace-parts.ts";

/** A worker that tells of its progress. */
export interface Telling {
  /** The task whose label has the time in it: `told at 1763790000123`. */
  readonly taskId: string;
  /** Lets the other tasks tell too, 100 times a second between them. */
  makeBusy(): void;
  stop(): Promise<void>;
}

const others = 20;
const busyEveryMs = 200;
const shortestMs = 250;
const longestMs = 550;

/** Makes and claims tasks, and tells of one of them now and then. */
export async function startTelling(store: TaskStore): Promise<Telling> {
  const kind = "bench.told";
  await store.enqueue(Array.from({ length: others + 1 }, () => ({ tasks: [plainRequest(kind)] })));
  const kinds = [{ kind, slots: others + 1 }];
  const { tasks } = await store.claim({
    hostId: "teller",
    kinds,
    limit: others + 1,
    leaseMs: 900_000,
    suspects: "include",
  });
  const [first, ...rest] = tasks.map(({ task }) => leaseOf(task));
  if (!first || rest.length < others) throw new Error(`${tasks.length} of ${others + 1} tasks were claimed.`);
  const stop = new AbortController();
  const loops = [
    every(shortestMs, stop.signal, async () => {
      // At random, so as not to keep step with anything that has a beat.
      await pause(Math.random() * (longestMs - shortestMs));
      await store.report([{ ...first, started: true, progress: { percent: 50, label: `told at ${Date.now()}` } }]);
    }),
  ];
  let percent = 0;
  return {
    taskId: first.taskId,
    makeBusy() {
      loops.push(
        every(busyEveryMs, stop.signal, async () => {
          percent = (percent + 1) % 100;
          await store.report(rest.map((lease): LeasedReport => ({ ...lease, started: true, progress: { percent } })));
        }),
      );
    },
    async stop() {
      stop.abort();
      await Promise.all(loops);
    },
  };
}

async function every(ms: number, signal: AbortSignal, run: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await pause(ms);
    await run();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function leaseOf({ id, attempt, leaseToken }: TaskRecord) {
  return { taskId: id, attempt, leaseToken: leaseToken ?? "" };
}
