import type { ListedTask } from "../api/answers.ts";

/** A row that is kept in mind while others come and go above it. */
export interface RowMark {
  readonly taskId: string;
  /** Where it stood. */
  readonly index: number;
}

/** The mark of the row there; null when there is none. Pure. */
export function markAt(rows: readonly ListedTask[], index: number): RowMark | null {
  const row = rows[index];
  return row ? { taskId: row.id, index } : null;
}

/** Where the marked row stands now, or where it stood when it is gone; the first when none is marked. Pure. */
export function placeOfMark(rows: readonly ListedTask[], mark: RowMark | null): number {
  if (mark === null) return 0;
  const found = rows.findIndex(({ id }) => id === mark.taskId);
  return found === -1 ? Math.max(0, Math.min(mark.index, rows.length - 1)) : found;
}
