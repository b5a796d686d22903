import {
  array,
  assert,
  boolean,
  constant,
  constantFrom,
  integer,
  nat,
  oneof,
  property,
  record,
  type Arbitrary,
} from "fast-check";
import { describe, expect, it } from "vitest";
import { anId, startOfTests } from "../../test/a-task.ts";
import { aFailure, aNewTask, aPause, aTermination, leaseOf } from "../../test/made-by-moves.ts";
import type { Lease } from "../contracts/lease.ts";
import type { Settlement } from "../contracts/settlement.ts";
import type { TaskEventType } from "../events/task-event.ts";
import type { TaskRecord } from "../task/task-record.ts";
import { isFinal, isLeased } from "../task/task-status.ts";
import { applyMove } from "./apply-move.ts";
import { legalMoves } from "./legal-moves.ts";
import type { MadeMove, Move } from "./move.ts";
import { waitsAs } from "./wait-moves.ts";

// Long random lives of one task: whatever is tried in whatever order, the invariants hold after every step.

/** A move as it will be when its turn comes: it may need the lease of that moment, or an old one. */
interface Try {
  readonly afterMs: number;
  readonly useOldLease: boolean;
  readonly move: (lease: Lease, now: number) => Move;
}

const settlements: Arbitrary<Settlement> = oneof(
  constant<Settlement>({ type: "succeed", output: "1" }),
  record({ permanent: boolean(), maxAttempts: constantFrom(1, 3, null), delayMs: constantFrom(0, 50) }).map(aFailure),
  constant<Settlement>({ type: "cancelled", failure: null, fingerprint: null, maxAttempts: 2, delayMs: 0 }),
  constant<Settlement>({ type: "snooze", delayMs: 20 }),
  constant<Settlement>({ type: "release" }),
  constantFrom<Settlement>(
    { type: "suspend", wait: { reason: "sleep", forMs: 30 }, state: "[1]" },
    { type: "suspend", wait: { reason: "signal", name: "go", timeoutMs: 40 }, state: undefined },
    { type: "suspend", wait: { reason: "manual", note: null, timeoutMs: null }, state: null },
    { type: "suspend", wait: { reason: "children", children: [], onFailure: "fail", timeoutMs: 40 }, state: null },
  ),
);

const ownersMoves: Arbitrary<Try["move"]> = oneof(
  record({ settlement: settlements, started: boolean(), isMet: boolean() }).map(
    ({ settlement, started, isMet }): Try["move"] =>
      (lease) => ({
        type: "settle",
        lease,
        started,
        settlement,
        waitMet: isMet ? { payload: null } : null,
        openDependencies: 1,
      }),
  ),
  record({ percent: constantFrom(null, -1, 50), steps: nat(2) }).map(({ percent, steps }): Try["move"] => (lease) => ({
    type: "report",
    lease,
    started: true,
    alive: true,
    progress: percent === null ? null : { percent },
    steps: Array.from({ length: steps }, (_, index) => ({
      n: index + 1,
      kind: "step",
      level: "info",
      message: "m",
      meta: null,
      percent,
    })),
  })),
  constant<Try["move"]>((lease) => ({ type: "extend", lease, leaseMs: 100 })),
  constant<Try["move"]>((lease) => ({ type: "checkpoint", lease, key: "k" })),
);

const othersMoves: Arbitrary<Try["move"]> = constantFrom<Try["move"]>(
  () => ({ type: "cancel", reason: "r", by: "b" }),
  () => aTermination,
  () => ({ type: "retry" }),
  () => ({ type: "retry" }),
  () => aPause,
  () => ({ type: "resume" }),
  (_, now) => ({ type: "reschedule", scheduledAt: now, priority: null }),
  () => ({ type: "replace-input", input: "2", scheduledAt: null }),
  () => ({ type: "fail-dependency", failure: "{}" }),
  () => ({ type: "expire-start" }),
  () => ({ type: "expire-lease" }),
  () => ({ type: "expire-lease", supersededBy: "h2" }),
  () => ({ type: "mark-stale", why: "silent" }),
  () => ({ type: "signalled", name: "go" }),
  ...(["children", "dependencies", "signal", "timeout", "manual"] as const).map((reason): Try["move"] => () => ({
    type: "wake",
    reason,
    payload: null,
    aborted: false,
  })),
);

const claims = constant<Try["move"]>((lease) => ({
  type: "claim",
  hostId: `h${lease.attempt + 1}`,
  leaseToken: `t${lease.attempt + 1}`,
  leaseMs: 100,
}));

const lives = record({
  isBlocked: boolean(),
  expiresInMs: constantFrom(null, 60),
  maxInterruptions: constantFrom(null, 1, 3),
  afterCrash: constantFrom("retry" as const, "fail" as const),
  tries: array(
    record({
      afterMs: oneof({ weight: 4, arbitrary: integer({ min: 0, max: 30 }) }, { weight: 1, arbitrary: constant(150) }),
      useOldLease: integer({ min: 0, max: 9 }).map((n) => n === 0),
      move: oneof(
        { weight: 4, arbitrary: claims },
        { weight: 5, arbitrary: ownersMoves },
        { weight: 4, arbitrary: othersMoves },
      ),
    }),
    // Without a size the arrays stay near ten moves, which reaches few second attempts.
    { maxLength: 80, size: "max" },
  ),
});

describe("applyMove, in random lives", () => {
  it("F13, R18, R27: keeps its invariants after every move, and does nothing the table does not allow", () => {
    const reached = new Set<string>();
    assert(
      property(lives, ({ isBlocked, tries, ...rest }) => {
        const dependencies = isBlocked ? [{ taskId: anId(9), onFailure: "fail" as const }] : [];
        let task = deepFreeze(aNewTask({ ...rest, dependencies, waitTimeoutMs: 100 }));
        const rows: number[] = [];
        let lastLease = leaseOf(task);
        let now = startOfTests;
        for (const { afterMs, useOldLease, move } of tries) {
          now += afterMs;
          const lease = useOldLease ? lastLease : leaseOf(task);
          const made = move(lease, now);
          const result = applyMove(task, made, now);
          if (result.type !== "made") continue;
          deepFreeze(result);
          if (result.endedAttempt) rows.push(result.endedAttempt.attempt);
          const broken = [
            ...brokenOrder(task, result),
            ...illegal(task, made, result),
            ...brokenRecord(result.task),
            ...(made.type === "claim" && rows.length !== task.attempt ? ["each earlier attempt has a row"] : []),
            ...(new Set(rows).size === rows.length ? [] : ["no attempt has two rows"]),
          ];
          expect({ move: made.type, broken }).toEqual({ move: made.type, broken: [] });
          if (isLeased(result.task.status)) lastLease = leaseOf(task);
          task = result.task;
          for (const { type, statusAfter } of result.events) reached.add(`${type} ${statusAfter}`);
        }
      }),
      { numRuns: 600 },
    );
    // The lives are long and mixed enough to mean something.
    expect(reached.size).toBeGreaterThan(28);
  });
});

/** Versions without a gap, statuses in a chain, counters that only grow. */
function brokenOrder(before: TaskRecord, { task, events }: MadeMove): readonly string[] {
  const chain = [{ version: before.version, statusAfter: before.status }, ...events];
  const statuses = events.map(({ statusBefore }) => statusBefore);
  return brokenOf({
    "versions have no gap": chain.every(({ version }, index) => version === before.version + index),
    "each status before is the one after": statuses.every((status, index) => status === chain[index]?.statusAfter),
    "the last event tells the record's version and status":
      chain.at(-1)?.version === task.version && chain.at(-1)?.statusAfter === task.status,
    "counters only grow":
      task.attempt >= before.attempt && task.releases >= before.releases && task.snoozes >= before.snoozes,
  });
}

const toldWithoutMove: ReadonlySet<TaskEventType> = new Set(["stale", "signalled", "checkpoint"]);

/** Each event stands in the table with its two statuses, or is one that changes none. */
function illegal(before: TaskRecord, move: Move, { events }: MadeMove): readonly string[] {
  const unknown = events.filter(
    ({ type, statusBefore, statusAfter }) =>
      !(toldWithoutMove.has(type) && statusBefore === statusAfter) &&
      !legalMoves.some(
        ({ from, to, events: tells }) =>
          statusBefore !== null &&
          statusAfter !== null &&
          from.includes(statusBefore) &&
          to.includes(statusAfter) &&
          tells.includes(type),
      ),
  );
  return [
    ...unknown.map(({ type, statusBefore, statusAfter }) => `the table has ${type}: ${statusBefore} to ${statusAfter}`),
    ...brokenOf({
      "only a retry by hand leaves a final status":
        !isFinal(before.status) || events.length === 0 || move.type === "retry",
      "no attempt starts after a cancel": before.cancelRequestedAt === null || move.type !== "claim",
    }),
  ];
}

const waitReasons: readonly unknown[] = ["dependencies", "children", "sleep", "signal", "manual"];

/** What is true of every record, whatever happened to it. */
function brokenRecord(task: TaskRecord): readonly string[] {
  const leased = isLeased(task.status);
  const waits = waitsAs(task) !== null;
  const isFailedOrCancelled = task.status === "failed" || task.status === "cancelled";
  const lease = [task.hostId, task.leaseToken, task.leaseExpiresAt];
  return brokenOf({
    "leased exactly when the lease columns are set": lease.every((value) => (value !== null) === leased),
    "finished exactly when final": (task.finishedAt !== null) === isFinal(task.status),
    "paused exactly when it knows from where": (task.pausedFrom !== null) === (task.status === "paused"),
    "who paused it is known only while paused":
      task.pausedFrom !== null || (task.pausedBy === null && task.pausedWhy === null),
    "running exactly when leased and started": !leased || task.started === (task.status === "running"),
    "stale only while leased": leased || (task.staleAt === null && task.staleReason === null),
    "no deadline, signal or dependency is left when it does not wait":
      waits || (task.wakeAt === null && task.waitSignal === null && task.openDependencies === 0),
    "the reason says what it waits for, or how it ended, and else nothing": waits
      ? waitReasons.includes(task.reason)
      : (task.reason?.startsWith("TASK_") ?? false) === isFailedOrCancelled && !waitReasons.includes(task.reason),
    "a queued task is not asked to stop": task.status !== "queued" || task.cancelRequestedAt === null,
    "the last attempt has its token and its end together":
      (task.lastLeaseToken === null) === (task.lastEndedBy === null) &&
      (task.lastEndedAs === null) === (task.lastEndedBy === null),
    "who runs it, or ran it last, is known once it was claimed": (task.lastHostId !== null) === task.attempt > 0,
  });
}

function brokenOf(truths: Readonly<Record<string, boolean>>): readonly string[] {
  return Object.entries(truths).flatMap(([truth, holds]) => (holds ? [] : [truth]));
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
