import type { CellKind } from "./classify-value.ts";
import type { ColumnType } from "./dataset-profile.ts";

/** How many cells of each kind a column has; missing ones are not among them. */
export type KindCounts = Record<Exclude<CellKind, "missing">, number>;

/** In an untyped file, a few words among this share of numbers are slips; more of them, and it is a column of text. */
const mostlyNumbers = 0.95;

/** Decides the type of a column from what its cells are. */
export function decideType(kinds: Readonly<KindCounts>, isTyped: boolean): ColumnType {
  const numeric = kinds.integer + kinds.number;
  const texts = kinds.text + kinds.code;
  const present = numeric + texts + kinds.boolean + kinds.date;
  if (present === 0) return "empty";
  if (kinds.integer === present) return "integer";
  if (numeric === present) return "number";
  if (kinds.boolean === present) return "boolean";
  if (kinds.date === present) return "date";
  if (texts === present) return "text";
  if (isTyped) return "mixed";
  // Untyped: digits among words are words, and one zip code that begins with zero makes them all codes.
  const isText = kinds.code > 0 || numeric / present < mostlyNumbers;
  return isText && kinds.date / present < mostlyNumbers ? "text" : "mixed";
}
