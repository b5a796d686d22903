import type { StoredValue } from "../task/stored-value.ts";
import type { FailureReason, WaitReason } from "../task/task-status.ts";
import type { EnqueueRequest, OnDependencyFailure } from "./enqueue.ts";
import type { Lease } from "./lease.ts";

/** How an owner wants an attempt to end. A cancel that was asked for turns everything but `succeed` into cancelled. */
export type Settlement =
  /** M6 */
  | { readonly type: "succeed"; readonly output: StoredValue | null }
  /** M7: the store adds 1 to the failures, then fails the task when they reach `maxAttempts`, or it is `permanent`. */
  | {
      readonly type: "fail";
      readonly reason: FailureReason;
      readonly failure: StoredValue;
      readonly fingerprint: string | null;
      readonly permanent: boolean;
      /** As resolved task > kind > host; null = unlimited. */
      readonly maxAttempts: number | null;
      /** Until the next attempt, jitter included, counted from the store's clock. */
      readonly delayMs: number;
    }
  /** M6b; when nobody asked for a cancel the store makes it M7 with `TASK_ABORTED` and these fields. */
  | {
      readonly type: "cancelled";
      readonly failure: StoredValue | null;
      readonly fingerprint: string | null;
      readonly maxAttempts: number | null;
      readonly delayMs: number;
    }
  /** M8 */
  | { readonly type: "snooze"; readonly delayMs: number }
  /** M9 */
  | { readonly type: "release" }
  /**
   * M10. Children that are refused (an unknown kind, a taken key, a circle back to the task that waits) make it a failure that is
   * not retried: `refusedChildrenSettlement`.
   */
  | { readonly type: "suspend"; readonly wait: SuspendWait; readonly state: StoredValue | null | undefined };

/** What a suspended task waits for. A deadline is counted from the store's clock; null = none. */
export type SuspendWait =
  | {
      readonly reason: Extract<WaitReason, "children">;
      readonly children: readonly EnqueueRequest[];
      readonly onFailure: OnDependencyFailure;
      readonly timeoutMs: number | null;
    }
  | { readonly reason: Extract<WaitReason, "sleep">; readonly forMs: number }
  | { readonly reason: Extract<WaitReason, "signal">; readonly name: string; readonly timeoutMs: number | null }
  | { readonly reason: Extract<WaitReason, "manual">; readonly note: string | null; readonly timeoutMs: number | null };

/** A settlement with its lease. */
export interface LeasedSettlement extends Lease {
  /** Tells M3 first when `started` was not stored yet (version + 2; readers see two events). */
  readonly started: boolean;
  readonly settlement: Settlement;
}
