import type { EventCursor, EventFilter, EventPage, JournalEvent } from "@millrace/models";
import type { JournalEntry } from "../state/journal.ts";
import type { MemoryState } from "../state/memory-state.ts";

/** What a reader asks of the journal. */
export interface EventQuery {
  readonly after: EventCursor;
  readonly limit: number;
  readonly filter: EventFilter;
}

/** Entries after a cursor, in order. */
export function events(state: MemoryState, { after, limit, filter }: EventQuery): EventPage {
  const { journal } = state;
  const found = journal.placeOf(after);
  if ("reset" in found) return Object.freeze({ status: "reset", why: found.reset, cursor: journal.end });
  const page: JournalEvent[] = [];
  let { place } = found;
  for (const entry of journal.after(place)) {
    if (page.length >= limit) break;
    place = entry.place;
    if (isWanted(entry.event, filter)) page.push(withChannels(state, entry.event));
  }
  const more = place < journal.lastPlace;
  return Object.freeze({ status: "events", events: Object.freeze(page), cursor: journal.cursorAt(place), more });
}

function isWanted(event: JournalEntry["event"], filter: EventFilter): boolean {
  const { tenantId, kinds, taskIds, types } = filter;
  if (types !== undefined && !types.includes(event.type)) return false;
  if (event.taskId === null) return tenantId === undefined && kinds === undefined && taskIds === undefined;
  return (
    (tenantId === undefined || event.tenantId === tenantId) &&
    (kinds === undefined || kinds.includes(event.kind)) &&
    (taskIds === undefined || taskIds.includes(event.taskId))
  );
}

/** Stored channels as the task has them now. */
function withChannels(state: MemoryState, event: JournalEntry["event"]): JournalEvent {
  if (event.taskId === null) return event;
  const channels = event.type === "removed" ? [] : (state.tasks.get(event.taskId)?.channels ?? []);
  return Object.freeze({ ...event, channels });
}
