import { aRequest } from "@millrace/conformance/builders";
import { createTaskLiveHub, type TaskLiveHub, type TaskLiveHubOptions } from "@millrace/live";
import { createTaskLiveSseHandler } from "@millrace/live/sse";
import { createTaskId, type EnqueueRequest, type TaskRecord, type TaskStore } from "@millrace/models";
import { createMemoryTaskStore } from "@millrace/store-memory";
import type { TrackedEventSource } from "../connect/sse-connection.ts";

/** Lets everything that is ready go on, without time passing. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Turns until it is so; the time limit of the test ends what never comes. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await turn();
}

/** A store with a hub that serves it. */
export interface LiveServer extends AsyncDisposable {
  readonly store: TaskStore;
  readonly hub: TaskLiveHub;
  enqueue(change?: Partial<EnqueueRequest>): Promise<TaskRecord>;
  /** Claims and succeeds the next task, with a step and some progress on the way. */
  run(): Promise<TaskRecord>;
  /** What a browser's `EventSource` is, over a handler without a network between. */
  openSource(url: string): HandlerEventSource;
  /** While false every request fails, as without a network. */
  isReachable: boolean;
}

/** An event source whose connection a test can cut. */
export interface HandlerEventSource extends TrackedEventSource {
  readonly url: string;
  /** The connection breaks; it comes back by itself unless it is said to have given up. */
  cut(hasGivenUp: boolean): void;
}

/** Makes one. */
export function createLiveServer(options: TaskLiveHubOptions = {}): LiveServer {
  const store = createMemoryTaskStore();
  const hub = createTaskLiveHub(store, { gatherMs: 0, ...options });
  const handler = createTaskLiveSseHandler(hub, { auth: "none-i-am-behind-a-proxy" });
  const server: LiveServer = {
    store,
    hub,
    isReachable: true,
    async enqueue(change = {}) {
      const task = aRequest({ id: createTaskId(), mustKnowKind: false, ...change });
      const [result] = await store.enqueue([{ tasks: [task] }]);
      if (result?.status !== "stored" || !result.results[0]) throw new Error("The task was not stored.");
      return result.results[0].task;
    },
    async run() {
      const kinds = [{ kind: "work", slots: 1 }];
      const { tasks } = await store.claim({ hostId: "h", kinds, limit: 1, leaseMs: 60_000, suspects: "include" });
      const task = tasks[0]?.task;
      if (!task) throw new Error("There was nothing to claim.");
      const lease = { taskId: task.id, attempt: task.attempt, leaseToken: task.leaseToken ?? "" };
      const step = { n: 1, kind: "step", level: "info", message: "half", meta: null, percent: null } as const;
      await store.report([{ ...lease, started: true, progress: { percent: 50 }, steps: [step] }]);
      await store.settle([{ ...lease, started: true, settlement: { type: "succeed", output: '"done"' } }]);
      return task;
    },
    openSource: (url) => openHandlerSource(async (request) => (server.isReachable ? handler(request) : null), url),
    async [Symbol.asyncDispose]() {
      await hub.close();
      await store.close();
    },
  };
  return server;
}

function openHandlerSource(answer: (request: Request) => Promise<Response | null>, url: string): HandlerEventSource {
  const listeners = { open: [], message: [], error: [] } as Record<string, ((event: { data?: unknown }) => void)[]>;
  const tell = (type: string, data?: unknown): void => {
    for (const listener of listeners[type] ?? []) listener({ data });
  };
  let state = 0;
  let lastId = "";
  let reader: ReadableStreamDefaultReader<string> | undefined;

  const giveUp = (): void => {
    state = 2;
    tell("error");
  };
  const connect = async (): Promise<void> => {
    state = 0;
    const headers = lastId === "" ? {} : { "last-event-id": lastId };
    const response = await answer(new Request(new URL(url, "http://here"), { headers })).catch(() => null);
    if (state === 2) return;
    if (response?.status !== 200) return giveUp();
    state = 1;
    tell("open");
    reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      const frames = (rest + part.value).split("\n\n");
      rest = frames.pop() ?? "";
      for (const line of frames.flatMap((frame) => frame.split("\n"))) {
        if (line.startsWith("id: ")) lastId = line.slice(4);
        if (line.startsWith("data: ") && state === 1) tell("message", line.slice(6));
      }
    }
  };
  void connect();
  return {
    url,
    get readyState() {
      return state;
    },
    addEventListener: (type, listener) => void listeners[type]?.push(listener),
    close() {
      state = 2;
      void reader?.cancel().catch(() => {});
    },
    cut(hasGivenUp) {
      void reader?.cancel().catch(() => {});
      if (hasGivenUp) return giveUp();
      state = 0;
      tell("error");
      void connect();
    },
  };
}
