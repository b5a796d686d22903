import type { JournalEvent } from "../events/task-event.ts";

/** Takes a run of journal entries; its cursor moves on only when the promise is fulfilled. */
export type TaskEventConsumer = (events: readonly JournalEvent[]) => Promise<void>;
