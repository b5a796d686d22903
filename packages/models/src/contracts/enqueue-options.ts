import type { TaskId } from "../ids/task-id.ts";
import type { Json, JsonObject } from "../task/json.ts";
import type { TaskOrigin, TaskRetry } from "../task/task-record.ts";
import type { EpochMs } from "../time/clock.ts";
import type { DedupePolicy, Dependency } from "./enqueue.ts";

/** What may be said of a task when it is enqueued. Everything is optional. */
export interface EnqueueOptions {
  /** A lower-case UUID. @defaultValue a new UUIDv7 */
  readonly id?: TaskId;
  /** @defaultValue "" */
  readonly tenantId?: string;
  /** @defaultValue the kind's metadata */
  readonly metadata?: JsonObject;
  /** Named strings restored around the handler. */
  readonly context?: Readonly<Record<string, string>>;
  readonly logContext?: Readonly<Record<string, string>>;
  /** A W3C `traceparent`. */
  readonly traceParent?: string;
  readonly summary?: string;
  /** At most 16. */
  readonly tags?: readonly string[];
  readonly channels?: readonly string[];
  /** Higher first. @defaultValue the kind's, else 0 */
  readonly priority?: number;
  /** Not before: ISO text, Date or epoch ms. */
  readonly scheduledAt?: string | Date | EpochMs;
  /** Not before now + this, by the store's clock. */
  readonly delayMs?: number;
  /** Not begun by then: cancelled `TASK_EXPIRED`. */
  readonly expiresAt?: string | Date | EpochMs;
  readonly expiresInMs?: number;
  readonly dedupeKey?: string;
  /** @defaultValue "reuse" */
  readonly dedupePolicy?: DedupePolicy;
  /** Keeps the dedupe key taken for so long, even after the task's end. */
  readonly dedupeForMs?: number;
  /** Restarts the open holder's delay instead of making another task. Needs `dedupeKey`. */
  readonly debounceMs?: number;
  /** At most one task of this `dedupeKey` in the window; the last one answers. */
  readonly throttleMs?: number;
  readonly supersedeKey?: string;
  /** @defaultValue false */
  readonly supersedeExisting?: boolean;
  /** One key of limit 1. */
  readonly concurrencyKey?: string;
  /** At most 4. */
  readonly concurrencyKeys?: readonly (string | { readonly key: string; readonly limit?: number })[];
  /** How many failures end it; null = unlimited. */
  readonly maxAttempts?: number | null;
  readonly backoff?: TaskRetry["backoff"];
  readonly timeoutMs?: number | null;
  readonly watchdogMs?: number | null;
  /** 0 = remove at the end, −1 = keep for ever. */
  readonly retainForMs?: number | null;
  /** Tasks that must be final first. */
  readonly waitFor?: readonly (TaskId | (Pick<Dependency, "taskId"> & Partial<Dependency>))[];
  readonly waitTimeoutMs?: number | null;
  readonly origin?: TaskOrigin;
  readonly flowId?: string;
  /** Overrides the host's or client's own. */
  readonly allowUnknownKinds?: boolean;
}

/** A task to be made, as plain data. */
export interface TaskInvocation {
  readonly kind: string;
  readonly input?: Json;
  readonly options?: EnqueueOptions;
}
