import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import {
  createManualClock,
  createSeededRandom,
  type ManualClock,
  type TaskHostEvent,
  type TaskId,
  type TaskRecord,
  type TaskStore,
} from "@millrace/models";
import { createMemoryTaskStore } from "@millrace/store-memory";
import { createTaskHost } from "../host/create-task-host.ts";
import type { HostLogLine, TaskHostOptions } from "../host/host-options.ts";
import type { TaskHost } from "../host/task-host.ts";

/** Lets everything that is ready go on, without time passing. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** One store, one clock, and hosts on them. */
export interface HostBench extends AsyncDisposable {
  readonly clock: ManualClock;
  readonly store: TaskStore;
  readonly lines: HostLogLine[];
  /** Makes a host; it is closed at the end. */
  host(options?: Partial<TaskHostOptions>): TaskHost;
  /** The same, started. */
  started(options?: Partial<TaskHostOptions>): Promise<TaskHost>;
  /** Lets time pass until it is so; fails after ten simulated minutes. */
  until(isSo: () => boolean | Promise<boolean>, what?: string): Promise<void>;
  /** Lets time pass, with everything that falls due. */
  pass(forMs: number): Promise<void>;
  task(taskId: TaskId): Promise<TaskRecord>;
}

/** Makes a bench. */
export function createBench(wrap: (store: TaskStore) => TaskStore = (store) => store): HostBench {
  const clock = createManualClock();
  const store = wrap(createMemoryTaskStore({ clock, random: createSeededRandom(7) }));
  const hosts: TaskHost[] = [];
  const lines: HostLogLine[] = [];

  const step = async (atMostMs: number): Promise<number> => {
    const byMs = Math.min(atMostMs, Math.ceil(clock.nextTimerInMs() ?? atMostMs));
    clock.advance(byMs);
    await turn();
    return byMs;
  };

  const bench: HostBench = {
    clock,
    store,
    lines,
    host(options = {}) {
      const host = createTaskHost({
        store,
        executor: createInProcessTaskExecutor(),
        clock,
        random: createSeededRandom(hosts.length + 1),
        loggerAdapter: (line) => void lines.push(line),
        ...options,
      });
      hosts.push(host);
      return host;
    },
    async started(options) {
      const host = bench.host(options);
      await host.start();
      return host;
    },
    async until(isSo, what = "it") {
      await turn();
      for (let leftMs = 600_000; leftMs > 0; leftMs -= (await step(1_000)) || 1) {
        if (await isSo()) return;
      }
      throw new Error(`${what} did not come true within ten simulated minutes`);
    },
    async pass(forMs) {
      await turn();
      for (let leftMs = forMs; leftMs > 0;) leftMs -= (await step(leftMs)) || 0;
    },
    async task(taskId) {
      const [task] = await store.get([taskId]);
      if (!task) throw new Error(`no task ${taskId}`);
      return task;
    },
    async [Symbol.asyncDispose]() {
      for (const host of hosts) {
        const closing = host.close({ graceMs: 0, kill: true });
        let closed = false;
        void closing.then(
          () => (closed = true),
          () => (closed = true),
        );
        await bench.until(() => closed, "the end of a host");
      }
    },
  };
  return bench;
}

/** Types of events, as a host tells them, without those of the runner. */
export function listen(events: TaskHostEvent[]): (event: TaskHostEvent) => void {
  return (event) => void events.push(event);
}

/** A promise and its resolver. */
export function gate<Value = void>(): { readonly opened: Promise<Value>; open(value: Value): void } {
  let open: (value: Value) => void = () => {};
  const opened = new Promise<Value>((resolve) => (open = resolve));
  return { opened, open: (value) => open(value) };
}

/** Waits until a signal aborts, as a well-behaved handler does. */
export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const end = (): void => reject(new DOMException("stopped", "AbortError"));
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}
