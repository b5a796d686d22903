import { createTaskHost, type TaskHost } from "@millrace/engine";
import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import { defineTask, silentLogger, type TaskStore } from "@millrace/models";
import { createMemoryTaskStore } from "@millrace/store-memory";
import { scheduler } from "@millrace/scheduler";
import type { TaskHttpAudit } from "../audit/audit-entry.ts";
import { createTaskHttpHandler, type TaskHttpHandler } from "../create-task-http-handler.ts";
import type { TaskHttpOptions } from "../http-options.ts";

/** What an answer was. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // Tests look into answers of every shape.
  // oxlint-disable-next-line typescript/no-explicit-any -- a test that looks for what is not there fails by itself
  readonly body: any;
}

/** A handler over a host that has not been started, and short words for asking it. */
export interface HttpBench extends AsyncDisposable {
  readonly store: TaskStore;
  readonly host: TaskHost;
  readonly handler: TaskHttpHandler;
  readonly audits: TaskHttpAudit[];
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  delete(path: string): Promise<Answer>;
  /** Sends exactly this. */
  send(path: string, init: RequestInit): Promise<Answer>;
  enqueue(kind?: string, options?: Readonly<Record<string, unknown>>): Promise<string>;
}

const work = defineTask({ kind: "work", run: () => "done" });

/** Makes a bench; whoever asks is `ops` and may do everything, unless `options` say otherwise. */
export function httpBench(
  options: Partial<TaskHttpOptions> = {},
  store: TaskStore = createMemoryTaskStore(),
): HttpBench {
  // Its verbs can be asked once the host was started.
  const schedules = scheduler({ follow: false });
  const host = createTaskHost({
    store,
    services: [schedules],
    executor: createInProcessTaskExecutor(),
    tasks: [work],
    allowUnknownKinds: true,
    logger: silentLogger,
  });
  const audits: TaskHttpAudit[] = [];
  const handler = createTaskHttpHandler({
    host,
    schedules,
    authorize: () => ({ user: "ops", can: "everything" }),
    logger: silentLogger,
    onAudit: (entry) => void audits.push(entry),
    ...options,
  });
  const send = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await handler(new Request(`https://example.com${path}`, init));
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === "" ? null : JSON.parse(text) };
  };
  return {
    store,
    host,
    handler,
    audits,
    send,
    get: (path, headers = {}) => send(path, { headers }),
    post(path, body, headers = {}) {
      if (body === undefined) return send(path, { method: "POST", headers });
      const type = { "content-type": "application/json", ...headers };
      return send(path, { method: "POST", headers: type, body: JSON.stringify(body) });
    },
    delete: (path) => send(path, { method: "DELETE" }),
    async enqueue(kind = "work", taskOptions = {}) {
      const { task } = await host.enqueue(kind, { n: 1 }, taskOptions);
      return task.id;
    },
    async [Symbol.asyncDispose]() {
      await host.close({ graceMs: 0 });
    },
  };
}
