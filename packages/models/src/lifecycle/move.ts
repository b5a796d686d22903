import type { LostReason } from "../contracts/lease.ts";
import type { Settlement } from "../contracts/settlement.ts";
import type { TaskEventType } from "../events/task-event.ts";
import type { Lease } from "../contracts/lease.ts";
import type { StoredValue } from "../task/stored-value.ts";
import type { ProgressPatch } from "../task/task-progress.ts";
import type { AttemptRecord, TaskRecord } from "../task/task-record.ts";
import type { TaskReason, TaskStatus, WakeReason } from "../task/task-status.ts";
import type { NewStep, TaskStep } from "../task/task-step.ts";
import type { EpochMs } from "../time/clock.ts";

/** Something that is to happen to one task. What it does to others (waiters, keys, children) is the store's. */
export type Move =
  /** M2 */
  | { readonly type: "claim"; readonly hostId: string; readonly leaseToken: string; readonly leaseMs: number }
  /** M4 */
  | { readonly type: "extend"; readonly lease: Lease; readonly leaseMs: number }
  /** M3 and M5 */
  | {
      readonly type: "report";
      readonly lease: Lease;
      readonly started: boolean;
      readonly progress: ProgressPatch | null;
      /** Those not stored before, in order. */
      readonly steps: readonly NewStep[];
      readonly alive: boolean;
    }
  /**
   * M6–M10. `waitMet`: a suspension whose wait is already over (no children, a kept signal, a time that has passed) goes on
   * to queued at once. `openDependencies`: how many children are still open.
   */
  | {
      readonly type: "settle";
      readonly lease: Lease;
      readonly started: boolean;
      readonly settlement: Settlement;
      readonly waitMet: { readonly payload: StoredValue | null } | null;
      readonly openDependencies: number;
    }
  /** M11; `payload` is the signal's. */
  | {
      readonly type: "wake";
      readonly reason: WakeReason;
      readonly payload: StoredValue | null;
      readonly aborted: boolean;
    }
  /** M12; `supersededBy`: the host that took the place of the owner, whose lease therefore ends before its time. */
  | { readonly type: "expire-lease"; readonly supersededBy?: string }
  /** M13, or M14 for a leased task */
  | { readonly type: "cancel"; readonly reason: string | null; readonly by: string | null }
  /** M13, or M15 for a leased task */
  | {
      readonly type: "terminate";
      readonly code: "TASK_CANCELLED" | "TASK_SUPERSEDED";
      readonly reason: string | null;
      readonly by: string | null;
    }
  /** M16 */
  | { readonly type: "retry" }
  /** M17 */
  | { readonly type: "pause"; readonly by: string | null; readonly why: string | null }
  | { readonly type: "resume" }
  /** M18 */
  | { readonly type: "reschedule"; readonly scheduledAt: EpochMs; readonly priority: number | null }
  | { readonly type: "replace-input"; readonly input: StoredValue | null; readonly scheduledAt: EpochMs | null }
  /** M19 */
  | { readonly type: "fail-dependency"; readonly failure: StoredValue }
  /** M20 */
  | { readonly type: "expire-start" }
  /** Told without a change of status. */
  | { readonly type: "mark-stale"; readonly why: string }
  | { readonly type: "signalled"; readonly name: string }
  | { readonly type: "checkpoint"; readonly lease: Lease; readonly key: string }
  | { readonly type: "remove" };

/** An event on its way to the journal; the store adds nothing but the place. */
export interface MoveEvent {
  readonly type: TaskEventType;
  readonly version: number;
  readonly attempt: number;
  readonly at: EpochMs;
  readonly statusBefore: TaskStatus | null;
  readonly statusAfter: TaskStatus | null;
  readonly reason: TaskReason | null;
  readonly hostId: string | null;
  readonly data: string | number | null;
}

/** Why a move is not made. Lost leases speak the words of `LeaseAnswer`. */
export type RefusedMove =
  | {
      readonly type: "refused";
      readonly why: LostReason | "final" | "not-final" | "not-due" | "expired" | "not-waiting";
    }
  /** The same settlement was stored before; `next` is what it led to. */
  | { readonly type: "replayed"; readonly next: TaskStatus };

/** What a move did to its task. */
export interface MadeMove {
  readonly type: "made";
  readonly task: TaskRecord;
  /** In order; the last one's version is the task's. */
  readonly events: readonly MoveEvent[];
  /** An attempt that ended without being the record's last word: a row of the attempts' history. */
  readonly endedAttempt: AttemptRecord | null;
  readonly steps: readonly TaskStep[];
}

/** What `applyMove` answers. */
export type MoveResult = MadeMove | RefusedMove;
