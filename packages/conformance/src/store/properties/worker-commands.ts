import type { LeaseAnswer, LeasedReport, Settlement } from "@millrace/models";
import * as fc from "fast-check";
import { aStep } from "../../builders/step.ts";
import { claimAll } from "../claim-all.ts";
import { normalClaim, normalSweep } from "./normal-form.ts";
import { askBoth, leaseOn, type KnownAttempt, type PropertyWorld, type Side } from "./property-world.ts";
import { pick, requestChoice, requestOf, type RequestChoice } from "./request-choice.ts";
import { settlementChoice, settlementOf } from "./settlement-choice.ts";
import { storeCommand, type StoreCommand } from "./store-command.ts";

const claim = storeCommand(
  "claim",
  fc.record({
    hostId: pick("h1", "h2"),
    kinds: pick(["a", "b"], ["a"], ["b"]),
    limit: pick(1, 2, 5, 20),
    leaseMs: pick(60, 500),
    suspects: pick("include", "exclude", "alone"),
  }),
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
  n: fc.nat(7),
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

const extend = storeCommand("extend", fc.array(leaseChoice, { minLength: 1, maxLength: 4 }), async (world, choices) => {
  const leases = (side: Side) => choices.map((choice) => leaseBy(world, side, choice));
  await askBoth(world, (side) => side.store.extend(leases(side), 200), same);
});

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
  "report",
  fc.array(fc.tuple(leaseChoice, reportChoice), { minLength: 1, maxLength: 3 }),
  async (world, choices) => {
    const reports = (side: Side) => choices.map(([lease, said]) => ({ ...leaseBy(world, side, lease), ...said }));
    await askBoth(world, (side) => side.store.report(reports(side)), same);
  },
);

const settle = storeCommand(
  "settle",
  fc.array(fc.tuple(leaseChoice, settlementChoice(requestChoice), fc.boolean()), { minLength: 1, maxLength: 3 }),
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
  "memo",
  fc.tuple(leaseChoice, pick("m1", "m2"), pick(null, "1", "2")),
  async (world, [lease, key, value]) => {
    const ask = (side: Side) => ({ ...leaseBy(world, side, lease), key, ...(value === null ? {} : { value }) });
    await askBoth(
      world,
      (side) => side.store.memo([ask(side)]),
      (answers) => answers,
    );
  },
);

const expire = storeCommand("expire", fc.constant(null), async (world) => {
  await askBoth(world, ({ store }) => store.expire(1_000), normalSweep);
});

const markStale = storeCommand("markStale", pick(0, 40), async (world, silentForMs) => {
  await askBoth(world, ({ store }) => store.markStale(silentForMs, 1_000), normalSweep);
});

const advance = storeCommand("advance", pick(1, 10, 61, 501, 1_001), (world, byMs) => {
  world.clock.advance(byMs);
  return Promise.resolve();
});

const reopen = storeCommand("reopen", fc.constant(null), async (world) => {
  if (world.reopenSubject) world.subject.store = await world.reopenSubject();
});

const storeLimit = storeCommand("storeLimit", pick(null, 2), async (world, limit) => {
  if (!world.subject.store.facet("limits")) return;
  await askBoth(
    world,
    async ({ store }) => store.facet("limits")?.setLimit({ type: "store" }, limit),
    () => null,
  );
});

/** What hosts do, and what time does. */
export const workerCommands: readonly fc.Arbitrary<StoreCommand>[] = [
  claim,
  claim,
  claim,
  extend,
  report,
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
  storeLimit,
];
