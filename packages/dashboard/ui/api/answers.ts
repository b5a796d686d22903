import type {
  AttemptRecord,
  FailureMark,
  HealthFinding,
  Json,
  OccurrenceRecord,
  RetentionSweep,
  StorageReport,
  TaskAggregateSnapshot,
  TaskFailure,
  TaskSnapshot,
  TaskState,
  TaskStatus,
} from "@millrace/models";

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
  /** Those there are besides. */
  readonly lacking: readonly string[];
  readonly tenantId: string | null;
  readonly readOnly: boolean;
  readonly limits: Readonly<Record<string, unknown>>;
  readonly now: number;
  readonly has?: { readonly schedules: boolean; readonly activity: boolean; readonly audit: "memory" | "durable" };
}

/** What the tasks are kept in. */
export interface Storage {
  readonly storage: StorageReport | null;
  readonly findings: readonly HealthFinding[] | null;
}

/** What is removed; null where the store removes nothing by a policy. */
export interface Retention {
  readonly retention: { readonly lastSweep: RetentionSweep | null } | null;
}

/** What a close look at everything has found, the worst first. */
export interface Examination {
  readonly at: number;
  readonly checks: readonly {
    readonly name: string;
    readonly verdict: "problem" | "warning" | "unknown" | "ok";
    readonly message: string;
    readonly fix: string | null;
  }[];
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

/** Something to look at first. */
export interface Attention {
  readonly code: string;
  readonly severity: "bad" | "warn";
  readonly q?: string;
  readonly kind?: string;
  readonly count?: number;
  readonly failed?: number;
  readonly ended?: number;
  readonly rate?: number;
  readonly usualRate?: number | null;
  readonly since?: number;
  readonly queued?: number;
  readonly freeSlots?: number;
  readonly hostId?: string;
  readonly label?: string;
  readonly lastSeenAt?: number;
  readonly held?: number;
  readonly scheduleId?: string;
  readonly tenantId?: string;
  readonly scheduledFor?: number;
  readonly reason?: string | null;
}

/** The numbers of a moment. */
export interface ActivityBucket {
  readonly at: number;
  readonly enqueued: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly retried: number;
}

/** How long tasks of a moment waited and ran, in ms. */
export interface LatencyBucket {
  readonly at: number;
  readonly count: number;
  readonly waitP50: number;
  readonly waitP95: number;
  readonly runP50: number;
  readonly runP95: number;
}

/** A kind as the overview shows it. */
export interface KindRow {
  readonly kind: string;
  readonly queued: number;
  readonly running: number;
  readonly ended: number;
  readonly failed: number;
  readonly perMinute: number;
  readonly p95RunMs: number | null;
  readonly oldestDueAt: number | null;
  readonly due: number | null;
  readonly hosts: number | null;
  readonly slots?: number;
  readonly paused: null | { readonly at: number; readonly by: string | null; readonly why: string | null };
}

/** Everything the overview shows. */
export interface Overview {
  readonly now: number;
  readonly window: string;
  readonly from: number;
  readonly bucketMs: number;
  readonly counts: TaskAggregateSnapshot;
  readonly activity: null | { readonly knownFrom: number | null; readonly buckets: readonly ActivityBucket[] };
  readonly latency: { readonly sampled: number; readonly buckets: readonly LatencyBucket[] };
  readonly kinds: readonly KindRow[];
  readonly hosts: null | {
    readonly live: number;
    readonly late: number;
    readonly lost: number;
    readonly draining: number;
    readonly slots: number;
    readonly running: number;
  };
  readonly attention: readonly Attention[];
}

/** Failures of one making. */
export interface ErrorGroup {
  readonly key: string;
  readonly fingerprint: string | null;
  readonly name: string;
  readonly code: string | null;
  readonly message: string;
  readonly frame: string | null;
  readonly kinds: Readonly<Record<string, number>>;
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly lastTaskId: string;
  readonly q: string;
  readonly recent: readonly number[];
  readonly state: "open" | FailureMark["state"];
  readonly reopened: "regressed" | "count-reached" | null;
  readonly mark: FailureMark | null;
  readonly failedSince: number | null;
}

/** All groups. */
export interface ErrorGroups {
  readonly groups: readonly ErrorGroup[];
  /** Null where nothing can be said of failures. */
  readonly byState: Readonly<Record<ErrorGroup["state"], number>> | null;
  readonly searched: number;
  readonly complete: boolean;
  readonly from: number;
  readonly now: number;
}

/** A time of a schedule. */
export type ScheduleTime =
  | { readonly type: "cron"; readonly expression: string }
  | { readonly type: "interval"; readonly everyMs: number; readonly firstAt: number | null }
  | { readonly type: "once"; readonly at: number };

/** What became of an occurrence, with its task while there is one. */
export interface Occurrence extends OccurrenceRecord {
  readonly task: null | {
    readonly status: TaskStatus;
    readonly state: TaskState;
    readonly startedAt: number | null;
    readonly finishedAt: number | null;
  };
}

/** What somebody may do to a schedule. */
export type ScheduleAction = "pause" | "resume" | "run" | "skip" | "update" | "remove";

/** A schedule as it is shown. */
export interface ShownSchedule {
  readonly id: string;
  readonly tenantId: string;
  readonly kind: string;
  readonly origin: { readonly type: "code" | "run-time"; readonly source: string };
  readonly times: readonly ScheduleTime[];
  readonly timeZone: string;
  readonly startAt: number | null;
  readonly endAt: number | null;
  readonly catchUp: Json;
  readonly overlap: string;
  readonly jitterMs: number;
  readonly paused: null | { readonly at: number; readonly by: string | null; readonly why: string | null };
  readonly nextRuns: readonly number[];
  readonly skipUntil: number | null;
  readonly zone: {
    readonly offsetMs: number;
    readonly change: null | {
      readonly at: number;
      readonly fromOffsetMs: number;
      readonly toOffsetMs: number;
      readonly runs: readonly number[];
    };
  };
  readonly history: readonly Occurrence[];
  readonly actions: {
    readonly can: readonly `${ScheduleAction}-schedule`[];
    readonly cannot: Readonly<Partial<Record<`${ScheduleAction}-schedule`, string>>>;
  };
}

/** What somebody did, or tried to do. */
export interface AuditEntry {
  readonly at: string;
  readonly user: string;
  readonly tenantId: string | null;
  readonly action: string;
  readonly target: { readonly type: string; readonly id: string };
  readonly before: string | null;
  readonly after: string | null;
  readonly outcome: string;
  readonly why: string | null;
  readonly requestId: string;
}

/** A page of the audit. */
export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  readonly next: string | null;
  readonly since: number;
  readonly kept: number | null;
  readonly durable: boolean;
  readonly refusals: Readonly<Record<string, { readonly count: number; readonly lastAt: number }>>;
}
