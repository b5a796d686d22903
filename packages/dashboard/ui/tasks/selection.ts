import type { ListedTask } from "../api/answers.ts";

/** What is selected, by id, as it was when it was selected last. */
export type Selection = ReadonlyMap<string, ListedTask>;

/** A click on a row's box: one more or one less, or up to there from the last click. */
export interface SelectionClick {
  readonly index: number;
  /** The task that was clicked last, wherever it stands now; null = none. */
  readonly from: string | null;
  readonly isRange: boolean;
}

/** The selection after a click. A range takes the state that its end gets. Pure. */
export function afterClick(
  selection: Selection,
  rows: readonly ListedTask[],
  { index, from, isRange }: SelectionClick,
): Selection {
  const hit = rows[index];
  if (!hit) return selection;
  const isAdding = !selection.has(hit.id);
  const start = isRange ? rows.findIndex(({ id }) => id === from) : -1;
  const [first, last] = start === -1 ? [index, index] : [Math.min(start, index), Math.max(start, index)];
  return withRows(selection, rows.slice(first, last + 1), isAdding);
}

/** The selection with these, or without. Pure. */
export function withRows(selection: Selection, rows: readonly ListedTask[], isAdding: boolean): Selection {
  const next = new Map(selection);
  for (const row of rows) {
    if (isAdding) next.set(row.id, row);
    else next.delete(row.id);
  }
  return next;
}

/** How much of a page is selected. */
export function extentOf(selection: Selection, rows: readonly ListedTask[]): "none" | "some" | "all" {
  const count = rows.filter(({ id }) => selection.has(id)).length;
  if (count === 0) return "none";
  return count === rows.length ? "all" : "some";
}
