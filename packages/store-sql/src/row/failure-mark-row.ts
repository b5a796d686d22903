import type { FailureMark } from "@millrace/models";

/** The columns of a failure mark, in the order that both functions below keep. */
export const failureMarkColumns = "key, state, marked_at, marked_by, note, until_count";

/** A failure mark as a row. */
export function failureMarkRow(mark: FailureMark): readonly (string | number | null)[] {
  const { key, state, at, by, note } = mark;
  return [key, state, at, by, note, mark.state === "ignored" ? mark.untilCount : null];
}

/** A row as a failure mark. Big integers may come as text. */
export function failureMarkOfRow([key, state, at, by, note, untilCount]: readonly unknown[]): FailureMark {
  const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
  const said = { key: String(key), at: Number(at), by: text(by), note: text(note) };
  if (state === "resolved") return Object.freeze({ ...said, state });
  return Object.freeze({ ...said, state: "ignored", untilCount: untilCount === null ? null : Number(untilCount) });
}
