import type { TaskId } from "../ids/task-id.ts";
import type { TaskStatus } from "../task/task-status.ts";
import type { EpochMs } from "../time/clock.ts";

/**
 * The right to write to a claimed task: one attempt and the random token of the claim that took it. All tasks of one claim
 * may carry the same token: with task and attempt beside it, it still means one lease.
 */
export interface Lease {
  readonly taskId: TaskId;
  readonly attempt: number;
  readonly leaseToken: string;
}

/** The answer to a write that carries a lease. `lost` is an answer, not an error: another owner, or none, has it. */
export type LeaseAnswer =
  | {
      /** `cancel-requested`: done, and somebody wants the task to stop. Never on a settlement. */
      readonly status: "held" | "cancel-requested";
      /** The task's version after the write. */
      readonly version: number;
      /** The settlement had been stored before: nothing was changed now. */
      readonly replayed?: true;
      /** Settlements: the status it led to. */
      readonly next?: TaskStatus;
      /** Settlements that requeue: when the task is due again. */
      readonly scheduledAt?: EpochMs;
      /** Settlements: `retainForMs: 0` removed the task in the same transaction. */
      readonly removed?: true;
    }
  | { readonly status: "lost"; readonly why: LostReason };

/** Why a lease does not hold. */
export type LostReason = "wrong-status" | "stale-lease" | "not-found";
