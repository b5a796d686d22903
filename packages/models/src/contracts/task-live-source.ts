import type { EventCursor } from "../events/event-cursor.ts";
import type { TaskId } from "../ids/task-id.ts";
import type { EventFilter } from "../query/task-query.ts";
import type { TaskSnapshot } from "../task/task-snapshot.ts";
import type { TaskClient } from "./task-client.ts";
import type { EventPage } from "./task-store.ts";

/** What a live view is made of: snapshots with the place they are true at, and the journal after it. A host and a client are one. */
export interface TaskLiveSource extends Pick<TaskClient, "listTasks" | "listTaskSteps" | "readAggregate"> {
  /** One call for many ids, aligned; null where there is none. */
  getTasks(taskIds: readonly TaskId[]): Promise<readonly (TaskSnapshot | null)[]>;
  /** Entries of the journal after a place, in its order. @throws `CURSOR_INVALID` when that is no place at all */
  readEvents(after: EventCursor, limit: number, filter?: EventFilter): Promise<EventPage>;
  /** Calls `wake` when something may have been told: a hint, which may come late, twice or never. */
  watch(wake: () => void): () => void;
}
