/**
 * A place in a store's journal. Opaque: it means something only to the store that made it, and only within that
 * store's epoch. Keep it as text.
 */
export type EventCursor = string;

/** The place before the first event of any store. */
export const journalStart: EventCursor = "";

/** A place in a sorted list of tasks, steps or attempts. Opaque. */
export type PageCursor = string;
