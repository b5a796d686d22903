import { createTaskClient } from "@millrace/engine";
import { createTaskHttpHandler, type TaskHttpHandler } from "@millrace/http";
import {
  failureFingerprint,
  silentLogger,
  systemClock,
  type ClaimedTask,
  type Clock,
  type LeasedSettlement,
  type TaskStore,
} from "@millrace/models";
import { createPostgresTaskStore } from "@millrace/store-postgres";
import { fill, openStore, plainRequest } from "./millrace-parts.ts";

const kinds = Array.from({ length: 10 }, (_, n) => `shop.kind-${n}`);
const settledAtOnce = 500;

/** The store of a shop: in Postgres, or where there is no address of one in a file of the folder. */
export function openShop(folder: string, postgresUrl: string): TaskStore {
  return postgresUrl === "" ? openStore(folder, "normal") : createPostgresTaskStore({ connectionString: postgresUrl });
}

/**
 * Fills a store as a shop would: ten kinds; one task in a thousand of the same customer, by a tag; of each kind one ended task in twenty has failed;
 * one task in twenty still waits, half of those for a time to come.
 */
export async function fillShop(store: TaskStore, count: number): Promise<void> {
  const ended = Math.round(count * 0.95);
  for (let made = 0; made < ended; made += 10_000) {
    await fill(store, Math.min(10_000, ended - made), (n) => shopRequest(made + n));
    while ((await settleSome(store)) > 0);
  }
  await fill(store, count - ended, (n) => shopRequest(n, n % 2 === 0 ? 0 : 86_400_000));
}

function shopRequest(n: number, delayMs: number = 0): ReturnType<typeof plainRequest> {
  return plainRequest(kinds[n % kinds.length] ?? "", {
    delayMs,
    summary: `order ${n}`,
    tags: n % 10 === 0 ? [`customer:cus_${(n / 10) % 100}`] : [],
  });
}

async function settleSome(store: TaskStore): Promise<number> {
  const { tasks } = await store.claim({
    hostId: "bench",
    kinds: kinds.map((kind) => ({ kind, slots: settledAtOnce })),
    limit: settledAtOnce,
    leaseMs: 30_000,
    suspects: "include",
  });
  await store.settle(tasks.map(settled));
  return tasks.length;
}

function settled({ task }: ClaimedTask): LeasedSettlement {
  const lease = { taskId: task.id, attempt: task.attempt, leaseToken: task.leaseToken ?? "", started: true } as const;
  const order = Math.floor(Number(task.summary?.slice("order ".length)) / kinds.length);
  if (order % 20 !== 0) return { ...lease, settlement: { type: "succeed", output: '{"receipt":"R-1"}' } as const };
  const thrown = {
    name: "PaymentError",
    message: `bank ${(order / 20) % 7} says no`,
    stack: "PaymentError\n    at pay (pay.ts:4:1)",
  };
  const settlement = {
    type: "fail",
    reason: "TASK_FAILED",
    failure: JSON.stringify(thrown),
    fingerprint: failureFingerprint(thrown, task.kind),
    permanent: true,
    maxAttempts: 1,
    delayMs: 0,
  } as const;
  return { ...lease, settlement };
}

/** What a dashboard asks, and how to ask it. */
export interface DashboardPlace {
  readonly handler: TaskHttpHandler;
  readonly questions: Readonly<Record<string, string>>;
}

/** A clock of which every look is a second after the one before: nothing that is kept for a second is answered twice. */
function hastyClock(): Clock {
  let looks = 0;
  return { ...systemClock, monotonic: () => systemClock.monotonic() + 1_000 * (looks += 1) };
}

/** The handler over a store, and the path of each question. */
export async function openDashboard(store: TaskStore): Promise<DashboardPlace> {
  const client = createTaskClient({ store, allowUnknownKinds: true });
  const { snapshots } = await client.listTasks({ limit: 1, kinds: ["shop.kind-4"], statuses: ["succeeded"] });
  const q = (text: string): string => `/v1/tasks?limit=60&q=${encodeURIComponent(text)}`;
  return {
    handler: createTaskHttpHandler({
      client,
      authorize: () => ({ user: "bench", can: ["read"] }),
      logger: silentLogger,
      clock: hastyClock(),
      limits: { rate: null },
    }),
    questions: {
      first: "/v1/tasks?limit=60",
      filtered: q("kind:shop.kind-3 state:failed"),
      byId: q(`id:${snapshots[0]?.id ?? ""}`),
      byTag: q("tag:customer:cus_7"),
      overview: "/v1/overview?window=24h",
      errors: "/v1/errors",
      counts: "/v1/aggregate",
    },
  };
}
