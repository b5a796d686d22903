import type { AttemptRecord, TaskAggregateSnapshot, TaskFailure, TaskSnapshot } from "@millrace/models";

/** What somebody may do to a task. */
export type TaskAction =
  | "retry"
  | "cancel"
  | "terminate"
  | "remove"
  | "signal"
  | "pause"
  | "resume"
  | "reschedule"
  | "replace-input";

/** Who looks, and what they may. */
export interface About {
  readonly user: string;
  readonly rights: readonly string[];
  readonly tenantId: string | null;
  readonly readOnly: boolean;
  readonly limits: Readonly<Record<string, unknown>>;
  readonly now: number;
  readonly has?: { readonly schedules: boolean; readonly activity: boolean; readonly audit: "memory" | "durable" };
}

/** A task in a list. */
export interface ListedTask extends Omit<TaskSnapshot, "input" | "output" | "handlerState" | "failure"> {
  readonly failure: { readonly name: string; readonly message: string; readonly code: string | null } | null;
  readonly can: readonly TaskAction[];
}

/** A task as a whole. */
export interface ShownTask extends TaskSnapshot {
  readonly actions: {
    readonly can: readonly TaskAction[];
    readonly cannot: Readonly<Partial<Record<TaskAction, string>>>;
  };
}

/** A page of tasks. */
export interface TaskPage {
  readonly tasks: readonly ListedTask[];
  readonly next: string | null;
  readonly searched: number | null;
}

/** Counts, where `searched` says that not all were looked at. */
export interface Aggregate extends TaskAggregateSnapshot {
  readonly searched: number | null;
}

/** An attempt that has ended. */
export interface Attempt extends Omit<AttemptRecord, "leaseToken" | "failure"> {
  readonly failure: TaskFailure | null;
}

/** How many a bulk action would change. */
export interface BulkCount {
  readonly count: number;
  readonly exact: boolean;
  readonly byKind: Readonly<Record<string, number>>;
}
