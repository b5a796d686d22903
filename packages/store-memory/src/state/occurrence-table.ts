import type { EpochMs, OccurrenceRecord } from "@millrace/models";
import { Table } from "./table.ts";
import type { UndoLog } from "./undo-log.ts";

/** What became of the occurrences of one schedule. */
interface OwnOccurrences {
  readonly rows: Table<EpochMs, OccurrenceRecord>;
  /** Those that stand for more than one moment. */
  readonly runs: Table<EpochMs, OccurrenceRecord>;
}

/** Occurrences by schedule and time: the time is theirs alone. */
export class OccurrenceTable {
  readonly #undo: UndoLog;
  readonly #bySchedule: Table<string, OwnOccurrences>;

  constructor(undo: UndoLog) {
    this.#undo = undo;
    this.#bySchedule = new Table(undo);
  }

  /** Whether the moment is taken: by a row of its own, or by a run that began before it. */
  has(schedule: string, at: EpochMs): boolean {
    const own = this.#bySchedule.get(schedule);
    if (!own) return false;
    return own.rows.has(at) || [...own.runs.values()].some((run) => run.scheduledFor < at && run.until >= at);
  }

  add(schedule: string, occurrence: OccurrenceRecord): void {
    const own = this.#bySchedule.get(schedule) ?? { rows: new Table(this.#undo), runs: new Table(this.#undo) };
    this.#bySchedule.set(schedule, own);
    own.rows.set(occurrence.scheduledFor, occurrence);
    if (occurrence.count > 1) own.runs.set(occurrence.scheduledFor, occurrence);
  }

  ofSchedule(schedule: string): readonly OccurrenceRecord[] {
    return [...(this.#bySchedule.get(schedule)?.rows.values() ?? [])];
  }

  all(): readonly OccurrenceRecord[] {
    return [...this.#bySchedule.values()].flatMap(({ rows }) => [...rows.values()]);
  }

  delete(schedule: string, at: EpochMs): void {
    const own = this.#bySchedule.get(schedule);
    own?.rows.delete(at);
    own?.runs.delete(at);
  }

  forget(schedule: string): void {
    this.#bySchedule.delete(schedule);
  }
}
