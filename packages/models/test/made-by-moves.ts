import type { EnqueueRequest } from "../src/contracts/enqueue.ts";
import type { Lease } from "../src/contracts/lease.ts";
import type { Settlement } from "../src/contracts/settlement.ts";
import { applyMove } from "../src/lifecycle/apply-move.ts";
import type { MadeMove, Move } from "../src/lifecycle/move.ts";
import { newTask } from "../src/lifecycle/new-task.ts";
import type { TaskRecord } from "../src/task/task-record.ts";
import type { TaskStatus } from "../src/task/task-status.ts";
import { anId, aRequest, startOfTests } from "./a-task.ts";

type MoveOf<Type extends Move["type"]> = Extract<Move, { type: Type }>;

/** Makes a move that must be legal. */
export function make(task: TaskRecord, move: Move, now: number = startOfTests): MadeMove {
  const result = applyMove(task, move, now);
  if (result.type !== "made") throw new Error(`${move.type} of a ${task.status} task: ${JSON.stringify(result)}`);
  return result;
}

/** The task after one legal move after the other, all at one time. */
export function after(task: TaskRecord, ...moves: readonly Move[]): TaskRecord {
  return moves.reduce((at, move) => make(at, move).task, task);
}

export function aNewTask(over: Partial<EnqueueRequest> = {}): TaskRecord {
  return newTask(aRequest(over), over.dependencies?.length ?? 0, startOfTests);
}

export function leaseOf(task: TaskRecord): Lease {
  return { taskId: task.id, attempt: task.attempt, leaseToken: task.leaseToken ?? task.lastLeaseToken ?? "none" };
}

export const aClaim: MoveOf<"claim"> = { type: "claim", hostId: "h1", leaseToken: "t1", leaseMs: 30_000 };

/** The owner of attempt 1 reports; `started` alone unless more is said. */
export function aReport(over: Partial<MoveOf<"report">> = {}): MoveOf<"report"> {
  const lease = { taskId: anId(1), attempt: 1, leaseToken: "t1" };
  return { type: "report", lease, started: true, progress: null, steps: [], alive: false, ...over };
}

/** The owner of attempt 1 settles. */
export function aSettle(settlement: Settlement, over: Partial<MoveOf<"settle">> = {}): MoveOf<"settle"> {
  const lease = { taskId: anId(1), attempt: 1, leaseToken: "t1" };
  return { type: "settle", lease, started: false, settlement, waitMet: null, openDependencies: 0, ...over };
}

export function aFailure(over: Partial<Extract<Settlement, { type: "fail" }>> = {}): Settlement {
  return {
    type: "fail",
    reason: "TASK_FAILED",
    failure: '{"name":"Error","message":"boom"}',
    fingerprint: "f1",
    permanent: false,
    maxAttempts: 3,
    delayMs: 5_000,
    ...over,
  };
}

export const waitForSignal: Settlement = {
  type: "suspend",
  wait: { reason: "signal", name: "go", timeoutMs: 60_000 },
  state: '{"at":1}',
};

export const aPause: MoveOf<"pause"> = { type: "pause", by: "ann", why: "look" };
export const aTermination: MoveOf<"terminate"> = {
  type: "terminate",
  code: "TASK_CANCELLED",
  reason: "enough",
  by: "ann",
};

const claimed = after(aNewTask(), aClaim);
const running = after(claimed, aReport());

/** A task of every status, made by moves alone. */
export const taskIn: Readonly<Record<TaskStatus, TaskRecord>> = {
  blocked: aNewTask({ dependencies: [{ taskId: anId(9), onFailure: "fail" }], waitTimeoutMs: 60_000 }),
  queued: aNewTask(),
  claimed,
  running,
  suspended: after(running, aSettle(waitForSignal)),
  paused: after(aNewTask(), aPause),
  succeeded: after(running, aSettle({ type: "succeed", output: "1" })),
  failed: after(running, aSettle(aFailure({ permanent: true }))),
  cancelled: after(running, aTermination),
};
