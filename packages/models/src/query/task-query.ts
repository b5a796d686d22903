import type { PageCursor } from "../events/event-cursor.ts";
import type { TaskId } from "../ids/task-id.ts";
import type { TaskOrigin } from "../task/task-record.ts";
import type { TaskState } from "../task/task-state.ts";
import type { TaskStatus } from "../task/task-status.ts";
import type { EpochMs } from "../time/clock.ts";

/** Which tasks are meant. Fields are joined by "and", the values of one field by "or"; an empty list matches none. */
export interface TaskFilter {
  readonly tenantId?: string;
  readonly taskIds?: readonly TaskId[];
  readonly kinds?: readonly string[];
  readonly statuses?: readonly TaskStatus[];
  readonly states?: readonly TaskState[];
  /** Stored or derived channels; a task that has any of them matches. */
  readonly channels?: readonly string[];
  /** A task that has all of them matches. */
  readonly tags?: readonly string[];
  readonly concurrencyKey?: string;
  readonly dedupeKey?: string;
  readonly supersedeKey?: string;
  readonly parentId?: TaskId;
  readonly rootId?: TaskId;
  readonly flowId?: string;
  readonly originType?: TaskOrigin["type"];
  readonly originId?: string;
  readonly hostId?: string;
  /** The code beside the status, such as `TASK_TIMED_OUT`, or what a suspended task waits for. */
  readonly reasons?: readonly string[];
  readonly failureFingerprint?: string;
  /** From here on, included. */
  readonly createdFrom?: EpochMs;
  /** Up to here, excluded. */
  readonly createdBefore?: EpochMs;
  /** Ended from here on, included; a task that has not ended does not match. */
  readonly finishedFrom?: EpochMs;
}

/** How a list is sorted; ties fall by creation order. Tasks without the time in question come last. */
export type TaskOrder =
  | "created_desc"
  | "created_asc"
  | "scheduled_asc"
  | "scheduled_desc"
  | "updated_desc"
  | "updated_asc"
  | "finished_desc"
  | "finished_asc"
  | "status_asc"
  | "status_desc";

/** A page of tasks. */
export interface TaskQuery extends TaskFilter {
  /** 1 to 1,000. @defaultValue 100 */
  readonly limit?: number;
  /** @defaultValue "created_desc" */
  readonly orderBy?: TaskOrder;
  /** Goes on where an earlier page of the same filter and order ended. */
  readonly after?: PageCursor;
  /** Skips that many first; 0 to 10,000. Keyset paging by `after` costs the same on every page, this does not. @defaultValue 0 */
  readonly offset?: number;
  /** False: without input, output and the handler's state, which a list seldom shows and which may be large. @defaultValue true */
  readonly includeValues?: boolean;
}

/** Which steps are meant. */
export interface StepQuery {
  readonly taskId: TaskId;
  /** 1 to 1,000. @defaultValue 200 */
  readonly limit?: number;
  /** @defaultValue "oldest" */
  readonly from?: "oldest" | "newest";
  readonly after?: PageCursor;
  /** Skips that many first; 0 to 10,000. @defaultValue 0 */
  readonly offset?: number;
}

/** Which journal entries a reader wants; filtered by the store before they travel. */
export interface EventFilter {
  readonly tenantId?: string;
  readonly kinds?: readonly string[];
  readonly taskIds?: readonly TaskId[];
  readonly types?: readonly string[];
}
