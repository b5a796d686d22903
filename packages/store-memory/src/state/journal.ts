import {
  type ControlEvent,
  type EpochMs,
  type EventCursor,
  journalStart,
  TaskError,
  type TaskEvent,
} from "@millrace/models";
import type { UndoLog } from "./undo-log.ts";

/** An event in its place. Channels are joined when it is read. */
export interface JournalEntry {
  readonly place: number;
  readonly event: Omit<TaskEvent, "channels"> | ControlEvent;
}

/** Where a cursor points, or why it points nowhere. */
export type Place = { readonly place: number } | { readonly reset: "epoch" | "ahead" | "retention" };

/** What happened, in order. Places count from 1 and are never used twice. */
export class Journal {
  readonly #epoch: string;
  readonly #undo: UndoLog;
  readonly #entries: JournalEntry[] = [];
  #firstPlace = 1;

  constructor(undo: UndoLog, epoch: string) {
    this.#undo = undo;
    this.#epoch = epoch;
  }

  get firstPlace(): number {
    return this.#firstPlace;
  }

  get lastPlace(): number {
    return this.#firstPlace + this.#entries.length - 1;
  }

  /** The place after the last entry. */
  get end(): EventCursor {
    return this.cursorAt(this.lastPlace);
  }

  tell(event: JournalEntry["event"]): void {
    this.#entries.push({ place: this.lastPlace + 1, event: Object.freeze(event) });
    this.#undo.note(() => void this.#entries.pop());
  }

  *after(place: number): Generator<JournalEntry> {
    for (let index = place - this.#firstPlace + 1; index < this.#entries.length; index += 1) {
      const entry = this.#entries[index];
      if (entry) yield entry;
    }
  }

  /** Drops entries from the oldest on: up to `limit`, only told at `until` or earlier and no later than `place`. */
  prune({ until, place, limit }: { readonly until: EpochMs; readonly place: number; readonly limit: number }): number {
    let count = 0;
    for (const entry of this.#entries) {
      if (count >= limit || entry.place > place || entry.event.at > until) break;
      count += 1;
    }
    this.#entries.splice(0, count);
    this.#firstPlace += count;
    return count;
  }

  cursorAt(place: number): EventCursor {
    return `${this.#epoch}.${place}`;
  }

  /** @throws `CURSOR_INVALID` when the text is no cursor at all. */
  placeOf(cursor: EventCursor): Place {
    const found = cursor === journalStart ? { epoch: this.#epoch, place: 0 } : parseCursor(cursor);
    if (found.epoch !== this.#epoch) return { reset: "epoch" };
    if (found.place > this.lastPlace) return { reset: "ahead" };
    if (found.place < this.#firstPlace - 1) return { reset: "retention" };
    return { place: found.place };
  }
}

function parseCursor(cursor: EventCursor): { readonly epoch: string; readonly place: number } {
  const match = /^(.+)\.(0|[1-9][0-9]{0,14})$/.exec(cursor);
  const [, epoch, place] = match ?? [];
  if (epoch === undefined || place === undefined) {
    throw new TaskError("CURSOR_INVALID", "This is no event cursor of a memory store.", { details: { cursor } });
  }
  return { epoch, place: Number(place) };
}
