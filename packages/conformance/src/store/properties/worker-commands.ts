import type {
  LeaseAnswer,
  LeasedReport,
  LimitScope,
  Settlement,
  TaskRetentionPolicy,
  TaskStore,
} from "@millrace/models";
import * as fc from "fast-check";
import { aStep } from "../../builders/step.ts";
import { claimAll } from "../claim-all.ts";
import { normalClaim, normalSweep } from "./normal-form.ts";
import { askBoth, leaseOn, type KnownAttempt, type PropertyWorld, type Side } from "./property-world.ts";
import { pick, requestChoice, requestOf, type RequestChoice } from "./request-choice.ts";
import { settlementChoice, settlementOf } from "./settlement-choice.ts";
import { storeCommand, type StoreCommand } from "./store-command.ts";

const claim = storeCommand(
  {
    name: "claim",
    args: fc.record({
      hostId: pick("h1", "h2"),
      kinds: pick(["a", "b"], ["a"], ["b"]),
      limit: pick(1, 2, 5, 20),
      leaseMs: pick(60, 500),
      suspects: pick("include", "exclude", "alone"),
      expectsOne: fc.boolean(),
    }),
    needs: "tasks",
  },
  async (world, { kinds, ...choice }) => {
    const request = { ...choice, kinds: kinds.map((kind) => ({ kind, slots: 10 })) };
    const answers = await askBoth(
      world,
      ({ store }) => claimAll(store, request),
      (claimed) => claimed.map(normalClaim),
    );
    for (const [index, { task }] of (answers?.reference ?? []).entries()) {
      world.attempts.push({ taskId: task.id, attempt: task.attempt });
      world.reference.tokens.set(`${task.id}#${task.attempt}`, task.leaseToken ?? "");
      world.subject.tokens.set(`${task.id}#${task.attempt}`, answers?.subject[index]?.task.leaseToken ?? "");
    }
  },
);

/** Which attempt a write is for, counted from the newest, and what is wrong with its lease. */
interface LeaseChoice {
  readonly n: number;
  readonly flaw: "none" | "token" | "attempt";
}

const leaseChoice: fc.Arbitrary<LeaseChoice> = fc.record({
  n: fc.oneof({ weight: 3, arbitrary: fc.nat(2) }, { weight: 1, arbitrary: fc.nat(7) }),
  flaw: fc.oneof({ weight: 9, arbitrary: pick("none") }, { weight: 1, arbitrary: pick("token", "attempt") }),
});

function leaseBy(world: PropertyWorld, side: Side, { n, flaw }: LeaseChoice) {
  const known: KnownAttempt = world.attempts.at(-1 - (n % Math.max(1, world.attempts.length))) ?? {
    taskId: "00000000-0000-7000-8000-000000000000",
    attempt: 1,
  };
  const lease = leaseOn(side, known);
  if (flaw === "token") return { ...lease, leaseToken: "forged" };
  return flaw === "attempt" ? { ...lease, attempt: lease.attempt + 1 } : lease;
}

const same = (answers: readonly LeaseAnswer[]): unknown => answers;

const extend = storeCommand(
  { name: "extend", args: fc.array(leaseChoice, { minLength: 1, maxLength: 4 }), needs: "attempts" },
  async (world, choices) => {
    const leases = (side: Side) => choices.map((choice) => leaseBy(world, side, choice));
    await askBoth(world, (side) => side.store.extend(leases(side), 200), same);
  },
);

const reportChoice: fc.Arbitrary<Omit<LeasedReport, "taskId" | "attempt" | "leaseToken">> = fc.oneof(
  pick({ started: true } as const),
  pick({ alive: true } as const),
  fc.record({
    progress: fc.record({ percent: pick(null, 0, 33.5, 250), label: pick(null, "l") }, { requiredKeys: [] }),
  }),
  fc.record({
    steps: fc
      .uniqueArray(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 })
      .map((numbers) => numbers.toSorted((a, b) => a - b).map((n) => aStep(n, { percent: n === 3 ? 30 : null }))),
  }),
);

const report = storeCommand(
  {
    name: "report",
    args: fc.array(fc.tuple(leaseChoice, reportChoice), { minLength: 1, maxLength: 3 }),
    needs: "attempts",
  },
  async (world, choices) => {
    const reports = (side: Side) => choices.map(([lease, said]) => ({ ...leaseBy(world, side, lease), ...said }));
    await askBoth(world, (side) => side.store.report(reports(side)), same);
  },
);

const settle = storeCommand(
  {
    name: "settle",
    args: fc.array(fc.tuple(leaseChoice, settlementChoice(requestChoice), fc.boolean()), {
      minLength: 1,
      maxLength: 3,
    }),
    needs: "attempts",
  },
  async (world, choices) => {
    const settlements: readonly Settlement[] = choices.map(([, choice]) =>
      settlementOf(choice, (child: RequestChoice) => requestOf(world, child)),
    );
    const asks = (side: Side) =>
      choices.map(([lease, , started], index) => ({
        ...leaseBy(world, side, lease),
        started,
        settlement: settlements[index] ?? { type: "release" as const },
      }));
    await askBoth(world, (side) => side.store.settle(asks(side)), same);
  },
);

const memo = storeCommand(
  { name: "memo", args: fc.tuple(leaseChoice, pick("m1", "m2"), pick(null, "1", "2")), needs: "attempts" },
  async (world, [lease, key, value]) => {
    const ask = (side: Side) => ({ ...leaseBy(world, side, lease), key, ...(value === null ? {} : { value }) });
    await askBoth(
      world,
      (side) => side.store.memo([ask(side)]),
      (answers) => answers,
    );
  },
);

const expire = storeCommand({ name: "expire", args: fc.constant(null), needs: "tasks" }, async (world) => {
  await askBoth(world, ({ store }) => store.expire(1_000), normalSweep);
});

const markStale = storeCommand(
  { name: "markStale", args: pick(0, 40), needs: "attempts" },
  async (world, silentForMs) => {
    await askBoth(world, ({ store }) => store.markStale(silentForMs, 1_000), normalSweep);
  },
);

const advance = storeCommand({ name: "advance", args: pick(1, 10, 61, 501, 1_001) }, (world, byMs) => {
  world.clock.advance(byMs);
  return Promise.resolve();
});

const reopen = storeCommand({ name: "reopen", args: fc.constant(null) }, async (world) => {
  if (world.reopenSubject) world.subject.store = await world.reopenSubject();
});

const beat = storeCommand(
  {
    name: "beat",
    args: fc.record({
      hostId: pick("h1", "h2"),
      podId: pick("p", "p", null),
      aliveForMs: pick(60, 500),
      state: pick("running", "running", "running", "draining", "stopped"),
      begins: pick(undefined, { recover: true }, { recover: false }),
    }),
  },
  async (world, { begins, ...told }) => {
    if (!world.subject.store.facet("hosts")) return;
    const said = { ...told, kinds: ["a"], slots: 1, running: 0, label: "", version: "" };
    await askBoth(
      world,
      async ({ store }) => store.facet("hosts")?.beat(begins ? { ...said, begins } : said),
      (answer) => answer,
    );
    await askBoth(
      world,
      async ({ store }) => store.facet("hosts")?.list(),
      (hosts) => hosts,
    );
  },
);

const scopes: readonly LimitScope[] = [
  { type: "store" },
  { type: "key", tenantId: "", key: "k1" },
  { type: "key", tenantId: "", key: "k2" },
];

const setLimit = storeCommand(
  { name: "setLimit", args: fc.record({ scope: fc.constantFrom(...scopes), limit: pick(null, 1, 3) }) },
  async (world, { scope, limit }) => {
    if (!world.subject.store.facet("limits")) return;
    await askBoth(
      world,
      async ({ store }) => store.facet("limits")?.setLimit(scope, limit, null),
      () => null,
    );
  },
);

const policies: readonly TaskRetentionPolicy[] = [
  { successTtlMs: 20, cancelledTtlMs: 100 },
  { failedTtlMs: 20 },
  { keepLatestSuccessesPerKind: 1, keepLatestFailuresPerKind: 0 },
  { stepLimitPerTask: 1 },
];

const prune = storeCommand({ name: "prune", args: fc.constantFrom(...policies) }, async (world, policy) => {
  if (!world.subject.store.facet("retention")) return;
  await askBoth(
    world,
    ({ store }) => pruneAll(store, policy),
    (counts) => counts,
  );
});

/** How much is removed until there is no more. The journal stays: how it is packed is the store's. */
async function pruneAll(store: TaskStore, policy: TaskRetentionPolicy): Promise<readonly number[]> {
  const facet = store.facet("retention");
  const sums = [0, 0, 0];
  for (let more = facet !== null; more;) {
    const bite = await facet?.prune({ ...policy, journalKeepMs: 1e12 }, 1_000);
    for (const [at, count] of [bite?.deletedTasks, bite?.deletedSteps, bite?.compactedTasks].entries()) {
      sums[at] = (sums[at] ?? 0) + (count ?? 0);
    }
    more = bite?.more ?? false;
  }
  return sums;
}

/** What hosts do, and what time does. */
export const workerCommands: readonly fc.Arbitrary<StoreCommand>[] = [
  claim,
  claim,
  claim,
  claim,
  claim,
  extend,
  report,
  report,
  settle,
  settle,
  settle,
  settle,
  settle,
  settle,
  memo,
  expire,
  expire,
  markStale,
  advance,
  advance,
  reopen,
  beat,
  beat,
  setLimit,
  prune,
];
