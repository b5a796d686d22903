import type { ErrorCode } from "../errors/error-codes.ts";
import type { TaskId } from "../ids/task-id.ts";
import type { JsonObject } from "../task/json.ts";
import type { StoredValue } from "../task/stored-value.ts";
import type { ConcurrencyKey, TaskOrigin, TaskRecord, TaskRetry } from "../task/task-record.ts";
import type { EpochMs } from "../time/clock.ts";

/** What a failed dependency does to the task that waits for it. */
export type OnDependencyFailure =
  /** Any final status counts as done. */
  | "continue"
  /** The first failure releases the waiter at once and cancels the others it waited for. */
  | "abort"
  /** The waiter fails, `TASK_DEPENDENCY_FAILED`. */
  | "fail";

/** A task that must be final first. It may stand in the same group or be in the store already. */
export interface Dependency {
  readonly taskId: TaskId;
  /** @defaultValue "continue" */
  readonly onFailure: OnDependencyFailure;
}

/** What a dedupe key that is taken does to a new task. */
export type DedupePolicy =
  /** Answer with the open task. */
  | "reuse"
  /** Refuse the group, `DEDUPE_CONFLICT`. */
  | "reject"
  /** A queued holder takes the new input; any other is reused as it is and the result says `notReplaced`. */
  | "replace";

/**
 * A task to be made, whole: everything is decided, parsed and encoded by the client. Relative times (`delayMs`,
 * `expiresInMs`) are added to the store's clock, so that no host's clock matters.
 */
export interface EnqueueRequest {
  readonly id: TaskId;
  readonly tenantId: string;
  readonly kind: string;
  readonly kindVersion: number;
  readonly priority: number;
  /** An absolute time, or null: now + `delayMs`. */
  readonly scheduledAt: EpochMs | null;
  readonly delayMs: number;
  readonly expiresAt: EpochMs | null;
  /** Used when `expiresAt` is null; null = never. */
  readonly expiresInMs: number | null;
  readonly input: StoredValue | null;
  readonly state: StoredValue | null;
  readonly metadata: JsonObject;
  readonly context: Readonly<Record<string, string>>;
  readonly logContext: Readonly<Record<string, string>>;
  readonly traceParent: string | null;
  readonly summary: string | null;
  readonly tags: readonly string[];
  readonly channels: readonly string[];
  readonly origin: TaskOrigin;
  /** Null: the task is its own root. */
  readonly rootId: TaskId | null;
  readonly parentId: TaskId | null;
  readonly flowId: string | null;
  readonly dedupeKey: string | null;
  readonly dedupePolicy: DedupePolicy;
  /** Keeps the key taken for so long after this enqueue, even when the task ends sooner. */
  readonly dedupeForMs: number | null;
  /** Moves the open holder of the dedupe key to now + this, instead of making a task. Needs a dedupe key. */
  readonly debounceMs: number | null;
  readonly supersedeKey: string | null;
  readonly supersedeExisting: boolean;
  readonly concurrencyKeys: readonly ConcurrencyKey[];
  readonly retry: TaskRetry;
  readonly timeoutMs: number | null;
  readonly watchdogMs: number | null;
  readonly retainForMs: number | null;
  /** Null = unlimited. */
  readonly maxInterruptions: number | null;
  readonly afterCrash: "retry" | "fail";
  readonly dependencies: readonly Dependency[];
  /** How long it waits for its dependencies at most; null = for ever. Past it, it runs with what there is. */
  readonly waitTimeoutMs: number | null;
  /** The store refuses the group, `KIND_UNKNOWN`, unless its kind table has the kind. */
  readonly mustKnowKind: boolean;
}

/** Tasks that are made together or not at all: one caller's task, list or flow. */
export interface EnqueueGroup {
  readonly tasks: readonly EnqueueRequest[];
}

/** What became of one request of a group. */
export interface EnqueueResult {
  /**
   * `created`: made now. `reused`: an open task with the dedupe key (or a closed one within its window) answers instead.
   * `superseded`: made now, and older ones of the supersede key were cancelled.
   */
  readonly disposition: "created" | "reused" | "superseded";
  /** The task as it stands now. */
  readonly task: TaskRecord;
  readonly supersededTaskIds: readonly TaskId[];
  /** The same id had been enqueued before: this is a repeated send, and nothing was changed. */
  readonly replayed?: true;
  /** Policy `replace` met a holder that is no longer queued. */
  readonly notReplaced?: true;
  /** `LIMIT_DIFFERS`: a concurrency key exists with another limit, which stays. */
  readonly warnings: readonly EnqueueWarning[];
}

/** Something worth a log line that did not stop an enqueue. */
export interface EnqueueWarning {
  readonly code: "LIMIT_DIFFERS";
  readonly message: string;
}

/** What became of a group. A refusal is the whole group's: nothing of it was stored. */
export type EnqueueGroupResult =
  | { readonly status: "stored"; readonly results: readonly EnqueueResult[] }
  | {
      readonly status: "refused";
      readonly code: ErrorCode;
      readonly message: string;
      /** Which request of the group. */
      readonly index: number;
      readonly details?: JsonObject;
    };
