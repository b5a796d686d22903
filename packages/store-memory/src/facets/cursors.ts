import type { CursorsFacet, EventCursor } from "@millrace/models";
import type { MemoryState } from "../state/memory-state.ts";

type CursorList = Awaited<ReturnType<CursorsFacet["list"]>>;

/** Where a journal reader has come to; null = it never said. */
export function loadCursor(state: MemoryState, consumer: string): EventCursor | null {
  return state.cursors.get(consumer)?.cursor ?? null;
}

/** Keeps the place of a journal reader. */
export function saveCursor(state: MemoryState, consumer: string, cursor: EventCursor): void {
  state.cursors.set(consumer, { cursor, savedAt: state.now });
}

/** Every reader, by name. */
export function listCursors(state: MemoryState): CursorList {
  const rows = [...state.cursors.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return rows.map(([consumer, row]) => Object.freeze({ consumer, ...row }));
}

/** The reader will not come back: it holds up no retention any more. */
export function forgetCursor(state: MemoryState, consumer: string): void {
  state.cursors.delete(consumer);
}
