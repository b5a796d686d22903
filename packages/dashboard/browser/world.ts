import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createTaskHost, type TaskHost } from "@millrace/engine";
import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import { createTaskHttpHandler, type TaskHttpOptions } from "@millrace/http";
import { toNodeListener } from "@millrace/http/node";
import { silentLogger, type TaskState } from "@millrace/models";
import { scheduler } from "@millrace/scheduler";
import { createSqliteTaskStore } from "@millrace/store-sqlite";
import { createDashboardHandler } from "../src/index.ts";
import { worldTasks } from "./world-tasks.ts";

/** A dashboard that is served. */
export interface Served extends AsyncDisposable {
  readonly url: string;
}

/** A host on SQLite with a task in every state, served with its dashboard under a path of its own. */
export interface World extends Served {
  readonly host: TaskHost;
  /** One task of each. */
  readonly ids: Readonly<Record<string, string>>;
  /** Lets the handler of a task go on. */
  open(taskId: string): void;
  /** Serves the same host a second time, in another way. */
  serve(http: Partial<TaskHttpOptions>): Promise<Served>;
}

const mount = "/team/ops";

/** Makes a world. */
export async function openWorld(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), "millrace-page-"));
  const gates = new Map<string, () => void>();
  const gate = (taskId: string, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      gates.set(taskId, resolve);
      signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    });
  const store = createSqliteTaskStore({ path: join(folder, "tasks.sqlite") });
  const tasks = worldTasks({ gate });
  const schedules = worldSchedules(tasks);
  const host = createTaskHost({
    store,
    executor: createInProcessTaskExecutor(),
    tasks,
    services: [schedules],
    id: "media-2",
    label: "media-2",
    version: "1.4.2",
    concurrency: 8,
    allowUnknownKinds: true,
    watchdogScanIntervalMs: 100,
    retentionPolicy: { successTtlMs: 7 * 86_400_000, keepLatestFailuresPerKind: 1_000 },
    retentionScanIntervalMs: 1_000,
    logger: silentLogger,
  });
  await host.start();
  const ids = await fill(host, gates);
  const serve = (http: Partial<TaskHttpOptions>): Promise<Served> => serveHost(host, { schedules, ...http });
  const served = await serve({});
  return {
    url: served.url,
    host,
    ids,
    open: (taskId) => gates.get(taskId)?.(),
    serve,
    async [Symbol.asyncDispose]() {
      await served[Symbol.asyncDispose]();
      await host.close({ graceMs: 0 });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function serveHost(host: TaskHost, http: Partial<TaskHttpOptions>): Promise<Served> {
  const api = createTaskHttpHandler({
    host,
    authorize: () => ({ user: "ops@example.com", can: "everything" }),
    logger: silentLogger,
    ...http,
  });
  const environment = { name: "STAGING", tone: "careful" } as const;
  const page = createDashboardHandler({ api, title: "Acme Jobs", environment });
  const server = createServer(toNodeListener(page)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${mount}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Makes tasks and waits until each stands where it is meant to. */
async function fill(host: TaskHost, gates: ReadonlyMap<string, () => void>): Promise<Readonly<Record<string, string>>> {
  const make = async (
    kind: string,
    input: unknown,
    options: Readonly<Record<string, unknown>> = {},
  ): Promise<string> => {
    const { task } = await host.enqueue(kind, input, options);
    return task.id;
  };
  const mails = Array.from({ length: 130 }, (_, n) => ({ kind: "mail.send", input: { to: `user${n}@example.com` } }));
  await host.enqueueMany(mails);
  const charges = Array.from({ length: 12 }, (_, n) => ({
    kind: "billing.charge",
    input: { customer: `cus_${n}` },
    options: { tags: ["region:eu"] },
  }));
  const made = await host.enqueueMany(charges);
  const failed = made[0]?.task.id ?? "";
  const ids = {
    failed,
    declined: await make("billing.charge", { customer: "cus_declined_7" }, { tags: ["region:us", "plan:pro"] }),
    retrying: await make(
      "billing.charge",
      { customer: "cus_later" },
      { backoff: { type: "fixed", delayMs: 3_600_000 } },
    ),
    succeeded: await make("report.generate", { quarter: "Q1", pages: 4 }, { tags: ["team:finance"] }),
    running: await make("report.generate", { quarter: "Q3", pages: 96 }, { tags: ["team:finance"] }),
    stale: await make("import.feed", { feed: "https://feeds.example/prices.csv" }),
    scheduled: await make("mail.send", { to: "later@example.com" }, { delayMs: 7_200_000 }),
    queued: await make("media.resize", { file: "s3://uploads/cat.jpg", width: 640 }, { priority: 5 }),
    suspended: await make("refund.approve", { order: 4711, amount: 129.9 }),
    paused: await make("media.resize", { file: "s3://uploads/dog.jpg", width: 320 }),
    cancelled: await make("media.resize", { file: "s3://uploads/cow.jpg", width: 320 }),
    hostile: await make("hostile.input", hostileInput(), {
      summary: '<script>alert("summary")</script> \u202Eevil',
      tags: ["<b>tag</b>"],
    }),
    big: await make("big.payload", { note: "x".repeat(200_000), items: Array.from({ length: 3_000 }, (_, n) => n) }),
  };
  const blocked = await make("mail.send", { to: "after@example.com" }, { waitFor: [ids.queued] });
  await host.pause(ids.paused, { by: "ada", why: "wrong bucket" });
  await host.cancel(ids.cancelled, "not needed any more", { by: "ada" });
  for (const [state, id] of Object.entries(ids)) {
    const wanted: readonly string[] = {
      declined: ["failed"],
      hostile: ["failed"],
      big: ["succeeded"],
      succeeded: ["running"],
    }[state] ?? [state];
    await untilState(host, id, wanted as readonly TaskState[]);
  }
  gates.get(ids.succeeded)?.();
  await untilState(host, ids.succeeded, ["succeeded"]);
  await host.pause({ kind: "refund.approve" }, { by: "ada", why: "audit of the quarter" });
  return { ...ids, blocked };
}

async function untilState(host: TaskHost, id: string, wanted: readonly TaskState[]): Promise<void> {
  const until = Date.now() + 20_000;
  for (;;) {
    const task = await host.getTask(id);
    if (task && wanted.includes(task.state)) return;
    if (Date.now() > until) throw new Error(`task ${task?.kind} is ${task?.state}, and not ${wanted.join(" or ")}`);
    await sleep(20);
  }
}

function hostileInput(): unknown {
  let deep: unknown = "bottom";
  for (let at = 0; at < 28; at += 1) deep = { deep };
  return {
    "</script><script>alert(1)</script>": "<img src=x onerror=alert(1)>",
    lone: "\uFFFD",
    rtl: "\u202Eabc",
    constructor: { prototype: 1 },
    deep,
  };
}

function worldSchedules(tasks: ReturnType<typeof worldTasks>): ReturnType<typeof scheduler> {
  const byKind = (kind: string) => {
    const found = tasks.find((task) => task.kind === kind);
    if (!found) throw new Error(`no ${kind}`);
    return found;
  };
  return scheduler({
    schedules: [
      {
        id: "nightly-rollup",
        task: byKind("report.generate"),
        input: { quarter: "Q4", pages: 2 },
        times: { cron: "30 2 * * *" },
        timeZone: "Europe/Berlin",
      },
      { id: "welcome", task: byKind("mail.send"), input: { to: "all@example.com" }, times: { at: Date.now() + 500 } },
      {
        id: "heartbeat",
        task: byKind("mail.send"),
        input: { to: "beat@example.com" },
        times: { every: { minutes: 5 } },
      },
      {
        id: "invoice-sweep",
        task: byKind("billing.charge"),
        input: { customer: "cus_sweep" },
        times: { cron: "0 6 * * 1-5" },
        timeZone: "America/New_York",
      },
      {
        id: "price-sync",
        task: byKind("mail.send"),
        input: { to: "prices@example.com" },
        // Its first time was over before there was a host.
        times: [{ at: Date.now() - 600_000 }, { cron: "15 6 * * *" }],
        catchUp: "skip",
      },
    ],
  });
}
