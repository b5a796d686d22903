import { aFailSettlement, aRequest, checkInvariants, leaseOf, readHistory } from "@millrace/conformance";
import {
  createManualClock,
  createSeededRandom,
  type Dependency,
  type EnqueueRequest,
  isFinal,
  isLeased,
  type KindSlots,
  type LeasedSettlement,
  type ManualClock,
  type Settlement,
  type TaskId,
  type TaskRecord,
  type TaskStatus,
  type TaskStore,
} from "@millrace/models";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMemoryTaskStore } from "./create-memory-task-store.ts";

// Random lives of a store, judged by what must hold at every moment. None of this knows how a move is made: neither the
// table of moves nor applyMove is asked.

const keyLimits: Readonly<Record<string, number>> = { one: 1, two: 2 };
const kinds = ["draw", "paint"];
const succeed: Settlement = { type: "succeed", output: "1" };
const slotsFor = (slots: number): readonly KindSlots[] => kinds.map((kind) => ({ kind, slots }));
const unbounded = { hostId: "host", leaseMs: 1_000, limit: 1_000 };

interface World {
  readonly store: TaskStore;
  readonly clock: ManualClock;
  readonly newId: () => TaskId;
  /** Every task whose enqueue was acknowledged. */
  readonly ids: TaskId[];
  /** What was claimed, whether or not the lease still holds. */
  readonly claimed: TaskRecord[];
  /** Settlements that were stored, and what they led to. */
  readonly settled: { readonly ask: LeasedSettlement; readonly next: TaskStatus | undefined }[];
  readonly dependencies: Map<TaskId, readonly Dependency[]>;
}

/** A step of a life, which a failure prints with its data. */
interface Command {
  readonly run: (world: World) => Promise<void>;
  readonly [fc.toStringMethod]: () => string;
}

function command<Data>(
  name: string,
  data: fc.Arbitrary<Data>,
  run: (data: Data, world: World) => Promise<void>,
): fc.Arbitrary<Command> {
  return data.map((value): Command => {
    const text = (): string => `${name} ${fc.stringify(value)}`;
    return { run: (world) => run(value, world), [fc.toStringMethod]: text };
  });
}

/** One of the newest of a list that may be empty, chosen by any number: lives are denser when commands meet. */
function pick<Item>(items: readonly Item[], at: number): Item | undefined {
  return items.at(-1 - (at % Math.min(6, Math.max(1, items.length))));
}

function mustEqual(found: unknown, wanted: unknown, promise: string): void {
  expect(found, promise).toEqual(wanted);
}

const whole = fc.nat({ max: 1_000 });
const onFailure = fc.constantFrom("continue", "abort", "fail");

const request = fc.record({
  kind: fc.constantFrom(...kinds),
  priority: fc.constantFrom(0, 0, 5),
  delayMs: fc.constantFrom(0, 0, 700),
  expiresInMs: fc.constantFrom(null, null, 900),
  dedupeKey: fc.constantFrom(null, null, "d"),
  dedupePolicy: fc.constantFrom("reuse", "reject", "replace"),
  dedupeForMs: fc.constantFrom(null, null, 2_000),
  debounceMs: fc.constantFrom(null, null, 300),
  supersedeKey: fc.constantFrom(null, null, "s"),
  supersedeExisting: fc.boolean(),
  keys: fc.subarray(Object.keys(keyLimits)),
  retainForMs: fc.constantFrom(null, null, 0),
  maxInterruptions: fc.constantFrom(null, 2),
  afterCrash: fc.constantFrom("retry", "retry", "fail"),
  waitTimeoutMs: fc.constantFrom(null, null, 1_500),
  waitsFor: fc.array(fc.record({ at: whole, onFailure }), { maxLength: 3 }),
});
type RandomRequest = typeof request extends fc.Arbitrary<infer Value> ? Value : never;

function requestOf(world: World, { keys, waitsFor, ...rest }: RandomRequest): EnqueueRequest {
  const dependencies = waitsFor.flatMap(({ at, onFailure: policy }): readonly Dependency[] => {
    const taskId = pick(world.ids, at);
    return taskId === undefined ? [] : [{ taskId, onFailure: policy }];
  });
  const concurrencyKeys = keys.map((key) => ({ key, limit: keyLimits[key] ?? 1 }));
  return aRequest({ ...rest, id: world.newId(), dependencies, concurrencyKeys });
}

const requests = fc.array(request, { minLength: 1, maxLength: 3 });
const enqueueing = command("enqueue", requests, async (asked, world) => {
  const before = await readHistory(world.store);
  const tasks = asked.map((one) => requestOf(world, one));
  const [result] = await world.store.enqueue([{ tasks }]);
  if (result?.status === "refused") {
    return mustEqual(await readHistory(world.store), before, "a refused group leaves nothing behind");
  }
  for (const [index, { disposition, task }] of result?.results.entries() ?? []) {
    if (disposition === "reused") continue;
    world.ids.push(task.id);
    world.dependencies.set(task.id, tasks[index]?.dependencies ?? []);
  }
});

const bounds = fc.record({
  limit: fc.constantFrom(1, 3, 1_000),
  suspects: fc.constantFrom("include", "exclude", "alone"),
});
const claiming = command("claim", bounds, async ({ limit, suspects }, world) => {
  const { tasks } = await world.store.claim({ ...unbounded, kinds: slotsFor(limit), limit, suspects });
  world.claimed.push(...tasks.map(({ task }) => task));
  const isSuspectAlone = suspects === "alone" && tasks.length === 1 && tasks[0]?.task.suspect === true;
  if (limit < 1_000 || isSuspectAlone) return;
  const left = (await claimable(world)).filter((task) => suspects === "include" || !task.suspect);
  mustEqual(left, [], "a claim without bounds leaves nothing that could have been claimed");
});

const child = fc.record({ onFailure, children: fc.array(request, { maxLength: 3 }) });
const settlement = fc.oneof(
  fc.constantFrom<Settlement>(
    succeed,
    aFailSettlement({ delayMs: 200 }),
    aFailSettlement({ permanent: true }),
    { type: "release" },
    { type: "snooze", delayMs: 400 },
  ),
  fc.constantFrom<Settlement>(
    { type: "suspend", state: "1", wait: { reason: "sleep", forMs: 300 } },
    { type: "suspend", state: null, wait: { reason: "signal", name: "go", timeoutMs: null } },
    { type: "suspend", state: undefined, wait: { reason: "manual", note: null, timeoutMs: 5_000 } },
  ),
);

const ending = fc.record({ at: whole, started: fc.boolean(), how: fc.oneof(settlement, child) });
const settling = command("settle", ending, async ({ at, started, how }, world) => {
  const task = pick(world.claimed, at);
  if (!task) return;
  const ask = { ...leaseOf(task), started, settlement: "children" in how ? spawning(world, how) : how };
  const [answer] = await world.store.settle([ask]);
  if (answer?.status === "held" && !answer.replayed) world.settled.push({ ask, next: answer.next });
});

const resending = command("send again", whole, async (at, { store, settled }) => {
  const sent = pick(settled, at);
  if (!sent || (await store.get([sent.ask.taskId]))[0] === null) return;
  const [answer] = await store.settle([sent.ask]);
  const { replayed, next } = { replayed: false, next: null, ...answer };
  mustEqual({ replayed, next }, { replayed: true, next: sent.next }, "a settlement that is sent again changes nothing");
});

function spawning(world: World, how: { onFailure: Dependency["onFailure"]; children: RandomRequest[] }): Settlement {
  const children = how.children.map((one) => requestOf(world, { ...one, waitsFor: [] }));
  const wait = { reason: "children", children, onFailure: how.onFailure, timeoutMs: null } as const;
  return { type: "suspend", state: null, wait };
}

const telling = fc.record({ at: whole, what: fc.constantFrom("report", "extend", "memo") });
const onLease = command("tell", telling, async ({ at, what }, { store, claimed }) => {
  const task = pick(claimed, at);
  if (!task) return;
  if (what === "extend") await store.extend([leaseOf(task)], 1_000);
  else if (what === "memo") await store.memo([{ ...leaseOf(task), key: "k", value: "1" }]);
  else await store.report([{ ...leaseOf(task), started: true, progress: { percent: 50 } }]);
});

const asks: Readonly<Record<string, (store: TaskStore, taskId: TaskId, newId: () => string) => Promise<unknown>>> = {
  ask: (store, taskId) => store.cancel([{ taskId, mode: "request", reason: null, by: "me" }]),
  terminate: (store, taskId) => store.cancel([{ taskId, mode: "terminate", reason: null, by: "me" }]),
  pause: (store, taskId) => store.change([{ type: "pause", taskId, by: null, why: null }]),
  resume: (store, taskId) => store.change([{ type: "resume", taskId }]),
  move: (store, taskId) => store.change([{ type: "reschedule", taskId, scheduledAt: null, delayMs: 100 }]),
  retry: (store, taskId) => store.retry([taskId]),
  signal: (store, taskId, newId) => store.signal([{ taskId, signalId: newId(), name: "go", payload: "1" }]),
  remove: (store, taskId) => store.remove([{ taskId }]),
};
const asking = fc.record({ at: whole, what: fc.constantFrom(...Object.keys(asks)) });
const onTask = command("ask", asking, async ({ at, what }, { store, ids, newId }) => {
  const taskId = pick(ids, at);
  if (taskId !== undefined) await asks[what]?.(store, taskId, newId);
});

const onStore = fc.oneof(
  command("advance", fc.constantFrom(100, 500, 1_100), async (ms, { clock }) => clock.advance(ms)),
  command("expire", fc.constant(100), async (limit, { store }) => void (await store.expire(limit))),
  command("mark stale", fc.constant(400), async (ms, { store }) => void (await store.markStale(ms, 100))),
  command("kind", fc.constantFrom("pause", "resume"), async (type, { store }) => {
    await store.setKind([{ type, kind: "paint", by: null, why: null }]);
  }),
);

const commands = fc.array(
  fc.oneof(
    { arbitrary: enqueueing, weight: 4 },
    { arbitrary: claiming, weight: 4 },
    { arbitrary: settling, weight: 4 },
    { arbitrary: resending, weight: 1 },
    { arbitrary: onLease, weight: 1 },
    { arbitrary: onTask, weight: 4 },
    { arbitrary: onStore, weight: 3 },
  ),
  { maxLength: 60, size: "max" },
);

async function all(store: TaskStore): Promise<readonly TaskRecord[]> {
  return (await readHistory(store)).records;
}

/** What a host without bounds could claim now, seen from the records and limits alone. */
async function claimable({ store, clock }: World): Promise<readonly TaskRecord[]> {
  const records = await all(store);
  const pausedKinds = (await store.kinds()).filter(({ pausedAt }) => pausedAt !== null).map(({ kind }) => kind);
  return records.filter((task) => {
    const hasExpired = task.attempt === 0 && task.expiresAt !== null && task.expiresAt <= clock.now();
    const isDue = task.status === "queued" && task.scheduledAt <= clock.now() && !hasExpired;
    const isFree = task.concurrencyKeys.every(({ key }) => held(records, key) < (keyLimits[key] ?? 1));
    return isDue && isFree && !pausedKinds.includes(task.kind);
  });
}

function held(records: readonly TaskRecord[], key: string): number {
  return records.filter((task) => isLeased(task.status) && task.concurrencyKeys.some((one) => one.key === key)).length;
}

/** What must hold after every command. */
async function expectSound({ store, dependencies }: World): Promise<void> {
  const records = await all(store);
  const byId = new Map(records.map((task) => [task.id, task]));
  for (const { scope, held: counted, limit } of (await store.facet("limits")?.list(100)) ?? []) {
    if (scope.type !== "key") continue;
    expect(counted, "I7: the counter of a key is what is leased").toBe(held(records, scope.key));
    expect(counted, "I7: no more than the limit").toBeLessThanOrEqual(limit ?? 0);
  }
  const holders = records.filter(({ status, dedupeKey }) => !isFinal(status) && dedupeKey !== null);
  const names = holders.map(({ kind, dedupeKey }) => `${kind} ${dedupeKey}`);
  expect(new Set(names).size, "I7: one open task a dedupe key").toBe(names.length);
  for (const task of records) {
    const isBlocked = (task.status === "paused" ? task.pausedFrom : task.status) === "blocked";
    if (!isBlocked) continue;
    const waitsFor = (dependencies.get(task.id) ?? []).map((edge) => ({ edge, on: byId.get(edge.taskId) }));
    const open = waitsFor.filter(({ on }) => on !== undefined && !isFinal(on.status));
    expect(task.openDependencies, "I8: a blocked task counts what is still open").toBe(open.length);
    expect(open.length, "I8: nobody waits for nothing").toBeGreaterThan(0);
    const failed = waitsFor.filter(({ edge, on }) => {
      return edge.onFailure !== "continue" && (on?.status === "failed" || on?.status === "cancelled");
    });
    expect(failed, "I8: a failure that is not to be waited out is not waited out").toEqual([]);
  }
}

/** Lets everything end: nothing may be stuck once all is resumed, signalled, due and worked off. */
async function drain({ store, clock, newId }: World): Promise<void> {
  await store.setKind([{ type: "resume", kind: "paint" }]);
  for (let round = 0; round < 100; round += 1) {
    clock.advance(2_000);
    await store.expire(1_000);
    const open = (await all(store)).filter(({ status }) => !isFinal(status));
    if (open.length === 0) return;
    await store.change(open.map(({ id }) => ({ type: "resume", taskId: id })));
    await store.signal(open.map(({ id }) => ({ taskId: id, signalId: newId(), name: "go", payload: null })));
    const { tasks } = await store.claim({ ...unbounded, kinds: slotsFor(1_000), suspects: "include" });
    await store.settle(tasks.map(({ task }) => ({ ...leaseOf(task), started: true, settlement: succeed })));
  }
}

async function expectInvariants({ store, ids }: World): Promise<void> {
  const history = await readHistory(store);
  const rows = await Promise.all(history.records.map(async ({ id }) => [id, await store.attempts(id)] as const));
  const violations = checkInvariants({ ...history, attempts: new Map(rows), acknowledged: ids, isQuiet: true });
  expect(violations).toEqual([]);
  const cancelled = new Set<TaskId>();
  for (const event of history.events) {
    if (event.taskId === null) continue;
    if (event.type === "cancel_requested" || event.statusAfter === "cancelled") cancelled.add(event.taskId);
    if (event.type === "retried" && isFinal(event.statusBefore ?? "queued")) cancelled.delete(event.taskId);
    const isStarted = event.type === "claimed" && cancelled.has(event.taskId);
    expect(isStarted, `I14: ${event.taskId} began after its cancel was acknowledged`).toBe(false);
  }
}

describe("random lives of a memory store", () => {
  // Set both to repeat what a failure printed.
  const seed = Number(process.env["MILLRACE_SEED"] ?? Date.now() % 2 ** 31);
  const numRuns = 150 * Number(process.env["MILLRACE_PROPERTY_RUNS"] ?? 1);

  it(`I1–I9, I11, I13–I15 hold whatever is asked of it (seed ${seed})`, { timeout: 600_000 }, async () => {
    const life = fc.asyncProperty(commands, async (sequence) => {
      const clock = createManualClock();
      const random = createSeededRandom(seed);
      const store = createMemoryTaskStore({ clock, random });
      const world: World = {
        store,
        clock,
        newId: random.uuid,
        ids: [],
        claimed: [],
        settled: [],
        dependencies: new Map(),
      };
      for (const { run } of sequence) {
        await run(world);
        await expectSound(world);
      }
      await drain(world);
      await expectInvariants(world);
    });
    await fc.assert(life, { seed, numRuns });
  });
});
