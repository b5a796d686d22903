import { describe, expect, it } from "vitest";
import { anId, startOfTests } from "../../test/a-task.ts";
import {
  aClaim,
  aFailure,
  aPause,
  aReport,
  aSettle,
  aTermination,
  taskIn,
  waitForSignal,
} from "../../test/made-by-moves.ts";
import type { TaskRecord } from "../task/task-record.ts";
import { taskStatuses, type TaskStatus } from "../task/task-status.ts";
import { applyMove } from "./apply-move.ts";
import type { Move, MoveResult } from "./move.ts";

// Every move against a task of every status. Legal: the status it leads to, the events it tells, and the fields it changes,
// and no other. Everything else is refused with the word given. `version` and `updatedAt` change with every event.

const now = startOfTests + 100;
const later = now + 60_000;
const lease = { taskId: anId(1), attempt: 1, leaseToken: "t1" };

type Legal = readonly [to: TaskStatus, events: string, fields: string];
type Cell = Legal | string;
interface Row {
  readonly name: string;
  readonly move: Move;
  readonly at?: number;
  /** What happens in the statuses named; in all others the move is refused with `otherwise`. */
  readonly cells: Readonly<Partial<Record<TaskStatus, Cell>>>;
  readonly otherwise: string;
}

const started = "status started startedAt lastSignAt";
const ended = "hostId leaseToken leaseExpiresAt lastLeaseToken lastEndedBy lastEndedAs";
const lastEnd = "lastLeaseToken lastEndedBy lastEndedAs";
const cancelledBy = "cancelRequestedAt cancelReason cancelledBy";
const notPaused = "pausedFrom pausedBy pausedWhy";
/** The owner's settlement was stored before: these three were made by the same lease. */
const replays = { suspended: "replayed suspended", succeeded: "replayed succeeded", failed: "replayed failed" };

function settles(to: TaskStatus, events: string, fields: string): Row["cells"] {
  const legal: Legal = [to, events, `status ${ended} ${fields}`];
  return { claimed: legal, running: legal, ...replays };
}

const rows: readonly Row[] = [
  {
    name: "M2 claim",
    move: aClaim,
    cells: {
      queued: ["claimed", "claimed", "status attempt hostId leaseToken leaseExpiresAt lastHostId claimedAt lastSignAt"],
    },
    otherwise: "wrong-status",
  },
  {
    name: "M3 report of the start",
    move: aReport(),
    cells: { claimed: ["running", "started", started], running: ["running", "", "lastSignAt"] },
    otherwise: "wrong-status",
  },
  {
    name: "M4 extend",
    move: { type: "extend", lease, leaseMs: 30_000 },
    cells: { claimed: ["claimed", "", "leaseExpiresAt"], running: ["running", "", "leaseExpiresAt"] },
    otherwise: "wrong-status",
  },
  {
    name: "M5 report of progress",
    move: aReport({ progress: { percent: 5 } }),
    cells: {
      claimed: ["running", "started progress", `${started} progress`],
      running: ["running", "progress", "lastSignAt progress"],
    },
    otherwise: "wrong-status",
  },
  {
    name: "M6 succeed",
    move: aSettle({ type: "succeed", output: "1" }),
    cells: settles("succeeded", "succeeded", "output progress finishedAt"),
    otherwise: "wrong-status",
  },
  {
    name: "M7 fail, attempts left",
    move: aSettle(aFailure()),
    cells: settles("queued", "retried", "scheduledAt failure failureFingerprint failures"),
    otherwise: "wrong-status",
  },
  {
    name: "M7 fail, permanent",
    move: aSettle(aFailure({ permanent: true })),
    cells: settles("failed", "failed", "reason failure failureFingerprint failures finishedAt"),
    otherwise: "wrong-status",
  },
  {
    name: "M7 cancelled though nobody asked",
    move: aSettle({ type: "cancelled", failure: null, fingerprint: null, maxAttempts: 1, delayMs: 0 }),
    cells: settles("failed", "failed", "reason failure failureFingerprint failures finishedAt"),
    otherwise: "wrong-status",
  },
  {
    name: "M8 snooze",
    move: aSettle({ type: "snooze", delayMs: 5 }),
    cells: settles("queued", "snoozed", "scheduledAt snoozes"),
    otherwise: "wrong-status",
  },
  {
    name: "M9 release",
    move: aSettle({ type: "release" }),
    cells: settles("queued", "released", "releases"),
    otherwise: "wrong-status",
  },
  {
    name: "M10 suspend",
    move: aSettle(waitForSignal),
    cells: settles("suspended", "suspended", "reason state waitSignal wakeAt"),
    otherwise: "wrong-status",
  },
  {
    name: "M10 suspend, the wait met already",
    move: aSettle(waitForSignal, { waitMet: { payload: "7" } }),
    cells: settles("queued", "suspended resumed", "state stage scheduledAt wakeReason wakePayload"),
    otherwise: "wrong-status",
  },
  {
    name: "M11 wake by signal",
    move: { type: "wake", reason: "signal", payload: "7", aborted: false },
    cells: {
      suspended: ["queued", "resumed", "status reason scheduledAt stage waitSignal wakeAt wakeReason wakePayload"],
    },
    otherwise: "not-waiting",
  },
  {
    name: "M11 wake by the deadline",
    move: { type: "wake", reason: "timeout", payload: null, aborted: false },
    at: later,
    cells: {
      blocked: ["queued", "resumed", "status reason openDependencies wakeAt wakeReason"],
      suspended: ["queued", "resumed", "status reason scheduledAt stage waitSignal wakeAt wakeReason"],
    },
    otherwise: "not-waiting",
  },
  {
    name: "M11 wake before the deadline",
    move: { type: "wake", reason: "timeout", payload: null, aborted: false },
    cells: { blocked: "not-due", suspended: "not-due" },
    otherwise: "not-waiting",
  },
  {
    name: "M11 wake by dependencies",
    move: { type: "wake", reason: "dependencies", payload: null, aborted: false },
    cells: { blocked: ["queued", "resumed", "status reason openDependencies wakeAt wakeReason"] },
    otherwise: "not-waiting",
  },
  {
    name: "M11 wake by children of an earlier stage",
    move: { type: "wake", reason: "children", payload: null, aborted: false },
    cells: {},
    otherwise: "not-waiting",
  },
  {
    name: "M11 wake by hand of a wait that is not manual",
    move: { type: "wake", reason: "manual", payload: null, aborted: false },
    cells: {},
    otherwise: "not-waiting",
  },
  {
    name: "M12 expire the lease",
    move: { type: "expire-lease" },
    at: later,
    cells: {
      claimed: ["queued", "lease_lost", `status ${ended} suspect`],
      running: ["queued", "lease_lost", `status ${ended} suspect interruptions`],
    },
    otherwise: "wrong-status",
  },
  {
    name: "M12 expire a lease that holds",
    move: { type: "expire-lease" },
    cells: { claimed: "not-due", running: "not-due" },
    otherwise: "wrong-status",
  },
  {
    name: "M13 or M14 cancel",
    move: { type: "cancel", reason: "enough", by: "ann" },
    cells: {
      blocked: ["cancelled", "cancelled", `status reason openDependencies wakeAt finishedAt ${cancelledBy}`],
      queued: ["cancelled", "cancelled", `status reason finishedAt ${cancelledBy}`],
      claimed: ["claimed", "cancel_requested", cancelledBy],
      running: ["running", "cancel_requested", cancelledBy],
      suspended: ["cancelled", "cancelled", `status reason waitSignal wakeAt finishedAt ${cancelledBy}`],
      paused: ["cancelled", "cancelled", `status reason finishedAt ${notPaused} ${cancelledBy}`],
    },
    otherwise: "final",
  },
  {
    name: "M13 or M15 terminate",
    move: aTermination,
    cells: {
      blocked: ["cancelled", "cancelled", `status reason openDependencies wakeAt finishedAt ${cancelledBy}`],
      queued: ["cancelled", "cancelled", `status reason finishedAt ${cancelledBy}`],
      claimed: ["cancelled", "cancelled", `status reason finishedAt ${ended} ${cancelledBy}`],
      running: ["cancelled", "cancelled", `status reason finishedAt ${ended} ${cancelledBy}`],
      suspended: ["cancelled", "cancelled", `status reason waitSignal wakeAt finishedAt ${cancelledBy}`],
      paused: ["cancelled", "cancelled", `status reason finishedAt ${notPaused} ${cancelledBy}`],
    },
    otherwise: "final",
  },
  {
    name: "M16 retry by hand",
    move: { type: "retry" },
    cells: {
      failed: [
        "queued",
        "retried",
        `status reason scheduledAt failure failureFingerprint failures finishedAt ${lastEnd}`,
      ],
      cancelled: ["queued", "retried", `status reason scheduledAt finishedAt ${cancelledBy} ${lastEnd}`],
    },
    otherwise: "not-final",
  },
  {
    name: "M17 pause",
    move: aPause,
    cells: {
      blocked: ["paused", "paused", `status ${notPaused}`],
      queued: ["paused", "paused", `status ${notPaused}`],
      suspended: ["paused", "paused", `status ${notPaused}`],
    },
    otherwise: "wrong-status",
  },
  {
    name: "M17 resume",
    move: { type: "resume" },
    cells: { paused: ["queued", "resumed", `status ${notPaused}`] },
    otherwise: "wrong-status",
  },
  {
    name: "M18 reschedule",
    move: { type: "reschedule", scheduledAt: later, priority: 3 },
    cells: { queued: ["queued", "rescheduled", "scheduledAt priority"] },
    otherwise: "wrong-status",
  },
  {
    name: "M18 replace the input",
    move: { type: "replace-input", input: "2", scheduledAt: later },
    cells: { queued: ["queued", "rescheduled", "input scheduledAt"] },
    otherwise: "wrong-status",
  },
  {
    name: "M19 a dependency failed",
    move: { type: "fail-dependency", failure: "{}" },
    cells: {
      blocked: ["failed", "failed", "status reason failure failureFingerprint openDependencies wakeAt finishedAt"],
    },
    otherwise: "not-waiting",
  },
  {
    name: "M20 expire before the start, not due",
    move: { type: "expire-start" },
    cells: { blocked: "not-due", queued: "not-due", paused: "not-due" },
    otherwise: "wrong-status",
  },
  {
    name: "stale",
    move: { type: "mark-stale", why: "silent" },
    cells: {
      claimed: ["claimed", "stale", "staleAt staleReason"],
      running: ["running", "stale", "staleAt staleReason"],
    },
    otherwise: "wrong-status",
  },
  {
    name: "signalled",
    move: { type: "signalled", name: "go" },
    cells: Object.fromEntries(
      taskStatuses.slice(0, 6).map((status): [TaskStatus, Cell] => [status, [status, "signalled", ""]]),
    ),
    otherwise: "final",
  },
  {
    name: "checkpoint",
    move: { type: "checkpoint", lease, key: "k" },
    cells: { claimed: ["claimed", "checkpoint", ""], running: ["running", "checkpoint", ""] },
    otherwise: "wrong-status",
  },
  {
    name: "removed",
    move: { type: "remove" },
    cells: Object.fromEntries(taskStatuses.map((status): [TaskStatus, Cell] => [status, [status, "removed", ""]])),
    otherwise: "",
  },
];

const cases = rows.flatMap((row) => taskStatuses.map((status) => ({ ...row, status })));

describe("applyMove, every move against every status", () => {
  it.each(cases)("F13: $name of a $status task", ({ move, status, cells, otherwise, at = now }) => {
    const task = deepFreeze(taskIn[status]);
    expect(told(task, applyMove(task, move, at), at)).toEqual(expected(task, cells[status] ?? otherwise, at));
  });
});

/** What a cell says, in the words of `told`. */
function expected(task: TaskRecord, cell: Cell, at: number): unknown {
  if (typeof cell === "string") return cell;
  const [to, events, fields] = cell;
  const names = events.split(" ").filter(Boolean);
  return {
    to,
    events: names,
    changed: fields.split(" ").filter(Boolean).toSorted(),
    version: task.version + names.length,
    updatedAt: names.length > 0 ? at : task.updatedAt,
  };
}

function told(task: TaskRecord, result: MoveResult, at: number): unknown {
  if (result.type === "refused") return result.why;
  if (result.type === "replayed") return `replayed ${result.next}`;
  expect(result.events.every((event) => event.at === at)).toBe(true);
  return {
    to: result.task.status,
    events: result.events.map(({ type }) => type),
    changed: changedFields(task, result.task),
    version: result.task.version,
    updatedAt: result.task.updatedAt,
  };
}

function changedFields(before: TaskRecord, after: TaskRecord): readonly string[] {
  const names = Object.keys({ ...before, ...after }) as (keyof TaskRecord)[];
  return names
    .filter((name) => name !== "version" && name !== "updatedAt")
    .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .toSorted();
}

/** A move that wrote into the task it was given would throw. */
function deepFreeze<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}
