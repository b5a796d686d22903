import { parseDate } from "./parse-date.ts";

/** What a single cell is. `code` is a number that begins with zero, such as a zip code: written in digits, not counted. */
export type CellKind = "missing" | "integer" | "number" | "boolean" | "date" | "code" | "text";

export interface Cell {
  readonly kind: CellKind;
  /** A number for `integer` and `number`, epoch milliseconds for `date`, else the text. */
  readonly value: number | string;
}

const missing: Cell = { kind: "missing", value: "" };
const missingWords = new Set(["", "NA", "N/A", "n/a", "NaN", "null", "NULL"]);
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:(?<=\.\d*)e[+-]?\d+|e[+-]\d+)?$/i;
const leadingZero = /^[+-]?0\d/;

/** Decides what a value is. Text from an untyped file (CSV) may turn out to be a number or a boolean; JSON says itself. */
export function classifyValue(value: unknown, isTyped: boolean): Cell {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) ? numeric(value) : missing;
    case "boolean":
      return { kind: "boolean", value: String(value) };
    case "string":
      return classifyText(value, isTyped);
    case "object":
      return value === null ? missing : { kind: "text", value: JSON.stringify(value) };
    default:
      return missing;
  }
}

function classifyText(raw: string, isTyped: boolean): Cell {
  const text = raw.trim();
  if (missingWords.has(text)) return missing;
  if (!isTyped) {
    if (decimal.test(text)) return leadingZero.test(text) ? { kind: "code", value: text } : numeric(Number(text));
    if (text === "true" || text === "false") return { kind: "boolean", value: text };
  }
  const at = parseDate(text);
  return at === null ? { kind: "text", value: text } : { kind: "date", value: at };
}

function numeric(value: number): Cell {
  return { kind: Number.isInteger(value) ? "integer" : "number", value };
}
