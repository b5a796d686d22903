import {
  IdMap,
  type Placed,
  type ClaimedTask,
  type Lease,
  type TaskAbortReason,
  type TaskId,
  type TaskRecord,
} from "@millrace/models";
import type { ServedKind } from "../host/kind-registry.ts";
import type { UnsentReport } from "./unsent-report.ts";

/** A task this host holds the lease of, from the claim's answer to the settlement's. */
export interface HeldTask extends Placed {
  readonly lease: Lease;
  readonly served: ServedKind;
  readonly claimed: ClaimedTask;
  /** As the store last said it stands; what was reported since is folded in. */
  record: TaskRecord;
  phase: "waiting" | "running" | "settling";
  /** On the monotonic clock: past it this host must take the lease for lost. */
  deadlineAt: number;
  /** Why the attempt was aborted; the first reason stands. */
  abortedFor: TaskAbortReason | null;
  /** The store said that the lease is gone: nothing more may be written. */
  lost: boolean;
  /** `pending`: said by the executor, not stored yet. */
  started: "no" | "pending" | "stored";
  /**
   * The outcome that `completeInTx` has written inside the handler's transaction: the lease may end any moment. Its output is
   * JSON text, null when it has none.
   */
  completing: { readonly output: string | null } | null;
  /** What its run has said and the store has not been told; null = nothing. While there is some, `place` is among those tasks. */
  unsent: UnsentReport | null;
  /** Whether it is among the tasks that this host holds. Only `RunningTasks` writes it. */
  isHeld: boolean;
  /** Hears once that the attempt was aborted: whoever waits for its run. */
  watch: { aborted(reason: TaskAbortReason): void } | null;
  /** When the thread that renews leases was told of it, by the machine's monotonic clock in ns; null = never. */
  guardedAt: bigint | null;
  /** Behind `signalOf`; null until somebody looks. */
  controller: AbortController | null;
}

/** The tasks a host holds. */
export interface RunningTasks {
  /** Answers an attempt of the same task that still ends here. */
  add(task: HeldTask): HeldTask | null;
  remove(task: HeldTask): void;
  /** The latest attempt of a task: an earlier one may still be ending here. */
  get(taskId: TaskId): HeldTask | null;
  all(): readonly HeldTask[];
  readonly size: number;
  /** Aborts an attempt; only the first reason counts, but a lost lease is noted whatever came before. */
  abort(task: HeldTask, reason: TaskAbortReason): void;
  /** Ends when nothing is held any more; at once when nothing is. */
  whenEmpty(): Promise<void>;
}

/** Makes an empty collection; `onAbort` hears of each attempt that was aborted. */
export function createRunningTasks(onAbort: (task: HeldTask, reason: TaskAbortReason) => void): RunningTasks {
  const latest = new IdMap<HeldTask>();
  /** Attempts that still end here while a later one of their task has come. */
  const earlier = new Set<HeldTask>();
  const waiters = new Set<() => void>();

  return {
    get size() {
      return latest.size + earlier.size;
    },
    add(task) {
      task.isHeld = true;
      const before = latest.set(task.lease.taskId, task);
      if (before) earlier.add(before);
      return before ?? null;
    },
    remove(task) {
      task.isHeld = false;
      if (!latest.delete(task.lease.taskId, task)) earlier.delete(task);
      if (latest.size + earlier.size > 0) return;
      for (const wake of waiters) wake();
      waiters.clear();
    },
    get: (taskId) => latest.get(taskId) ?? null,
    all: () => [...latest.values(), ...earlier],
    abort(task, reason) {
      if (task.abortedFor !== null) return;
      task.abortedFor = reason;
      onAbort(task, reason);
      task.controller?.abort(reason);
      task.watch?.aborted(reason);
    },
    whenEmpty() {
      if (latest.size + earlier.size === 0) return Promise.resolve();
      return new Promise((resolve) => void waiters.add(resolve));
    },
  };
}

/** Makes the entry of a task that was just claimed. */
export function holdTask(claimed: ClaimedTask, served: ServedKind, deadlineAt: number): HeldTask {
  const { task } = claimed;
  return {
    lease: { taskId: task.id, attempt: task.attempt, leaseToken: task.leaseToken ?? "" },
    served,
    claimed,
    record: task,
    phase: "waiting",
    deadlineAt,
    abortedFor: null,
    lost: false,
    started: task.started ? "stored" : "no",
    completing: null,
    unsent: null,
    isHeld: false,
    place: 0,
    watch: null,
    guardedAt: null,
    controller: null,
  };
}

/** The signal that aborts with an attempt. Made when somebody looks at it: most handlers never do. */
export function signalOf(task: HeldTask): AbortSignal {
  if (task.controller === null) {
    task.controller = new AbortController();
    if (task.abortedFor !== null) task.controller.abort(task.abortedFor);
  }
  return task.controller.signal;
}
