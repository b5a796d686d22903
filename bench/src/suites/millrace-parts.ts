import { join } from "node:path";
import { createTaskHost } from "@millrace/engine";
import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import { createTaskId, defineTask, type EnqueueRequest, type TaskStore } from "@millrace/models";
import { createSqliteTaskStore } from "@millrace/store-sqlite";

/** How a commit reaches the disk. */
export type Durability = "full" | "normal";

/** The payload of every peer: about 110 bytes of JSON. */
export const payload = (n: number): { readonly n: number; readonly p: string } => ({ n, p: "x".repeat(100) });

/** A store on a file of its own, with everything on that is on by default. */
export function openStore(folder: string, durability: Durability): ReturnType<typeof createSqliteTaskStore> {
  return createSqliteTaskStore({ path: join(folder, "tasks.sqlite"), relaxedDurability: durability === "normal" });
}

/** The kind that does nothing. */
export const noop = defineTask({ kind: "bench.noop", run: (_input: unknown) => null });

/** A host that runs no-ops in this process. */
export function openHost(store: TaskStore, concurrency: number): ReturnType<typeof createTaskHost> {
  return createTaskHost({
    store,
    executor: createInProcessTaskExecutor(),
    tasks: [noop],
    runner: { concurrency },
  });
}

/** A plain request as a client would make it, for suites that measure the store alone. */
export function plainRequest(kind: string, change: Partial<EnqueueRequest> = {}): EnqueueRequest {
  const id = createTaskId();
  return {
    id,
    tenantId: "",
    kind,
    kindVersion: 1,
    priority: 0,
    scheduledAt: null,
    delayMs: 0,
    expiresAt: null,
    expiresInMs: null,
    input: JSON.stringify(payload(1)),
    state: null,
    metadata: {},
    context: {},
    logContext: {},
    traceParent: null,
    summary: null,
    tags: [],
    channels: [],
    origin: { type: "client", id: null },
    rootId: null,
    parentId: null,
    flowId: null,
    dedupeKey: null,
    dedupePolicy: "reuse",
    dedupeForMs: null,
    debounceMs: null,
    supersedeKey: null,
    supersedeExisting: false,
    concurrencyKeys: [],
    retry: {},
    timeoutMs: null,
    watchdogMs: null,
    retainForMs: null,
    maxInterruptions: 3,
    afterCrash: "retry",
    dependencies: [],
    waitTimeoutMs: null,
    mustKnowKind: false,
    ...change,
  };
}

/** Stores `count` plain tasks, 500 a call. */
export async function fill(
  store: TaskStore,
  count: number,
  make: (n: number) => EnqueueRequest = () => plainRequest(noop.kind),
): Promise<void> {
  for (let made = 0; made < count;) {
    const size = Math.min(500, count - made);
    const from = made;
    await store.enqueue(Array.from({ length: size }, (_, n) => ({ tasks: [make(from + n)] })));
    made += size;
  }
}

/** Claims up to `limit` tasks of a kind and settles them as succeeded; answers how many. */
export async function claimAndSettle(store: TaskStore, limit: number, kind: string = noop.kind): Promise<number> {
  const { tasks } = await store.claim({
    hostId: "bench",
    kinds: [{ kind, slots: limit }],
    limit,
    leaseMs: 30_000,
    suspects: "include",
  });
  await store.settle(
    tasks.map(({ task }) => ({
      taskId: task.id,
      attempt: task.attempt,
      leaseToken: task.leaseToken ?? "",
      started: true,
      settlement: { type: "succeed", output: "null" } as const,
    })),
  );
  return tasks.length;
}

/** Fails the measurement unless exactly so many tasks stand as succeeded in the store. */
export async function assertSucceeded(store: TaskStore, count: number): Promise<void> {
  const { byStatus } = await store.aggregate({});
  if (byStatus.succeeded.count !== count) {
    throw new Error(`${byStatus.succeeded.count} of ${count} tasks stand as succeeded in the store.`);
  }
}
