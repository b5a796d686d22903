import { lineText } from "./texts.ts";

/** One line of a JSON value as people read it. */
export interface JsonLine {
  readonly depth: number;
  readonly text: string;
  /** Where it stands: `$.customer.id`. */
  readonly path: string;
}

/** A value in lines. */
export interface JsonLines {
  readonly lines: readonly JsonLine[];
  /** Lines were left out. */
  readonly isCut: boolean;
}

/** How much of a value is laid out. */
export interface JsonBounds {
  readonly lines: number;
  readonly depth: number;
  /** Characters of one text. */
  readonly text: number;
}

const usual: JsonBounds = { lines: 20_000, depth: 60, text: 5_000 };

/**
 * Lays a value out in lines, keys sorted, as JSON reads them. Bounded: what is too deep or too long is said to be there. Pure, and
 * without recursion into what may be endless.
 */
export function jsonLines(value: unknown, bounds: JsonBounds = usual): JsonLines {
  const lines: JsonLine[] = [];
  const isFull = (): boolean => lines.length >= bounds.lines;
  const write = (line: JsonLine): void => void (isFull() || lines.push(line));

  const walk = (
    one: unknown,
    place: { readonly depth: number; readonly path: string; readonly before: string; readonly after: string },
  ): void => {
    if (isFull()) return;
    const { depth, path, before, after } = place;
    const entries = entriesOf(one);
    if (entries === null) return write({ depth, path, text: `${before}${scalarText(one, bounds.text)}${after}` });
    const [open, close] = Array.isArray(one) ? ["[", "]"] : ["{", "}"];
    if (entries.length === 0) return write({ depth, path, text: `${before}${open}${close}${after}` });
    if (depth >= bounds.depth) {
      return write({ depth, path, text: `${before}${open} … ${entries.length} deeper ${close}${after}` });
    }
    write({ depth, path, text: `${before}${open}` });
    for (const [index, [key, item]] of entries.entries()) {
      if (isFull()) return;
      walk(item, {
        depth: depth + 1,
        path: Array.isArray(one) ? `${path}[${key}]` : `${path}${keyPath(key)}`,
        before: Array.isArray(one) ? "" : `${JSON.stringify(lineText(key, 500))}: `,
        after: index === entries.length - 1 ? "" : ",",
      });
    }
    write({ depth, path, text: `${close}${after}` });
  };
  walk(value, { depth: 0, path: "$", before: "", after: "" });
  return { lines, isCut: isFull() };
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] | null {
  if (typeof value !== "object" || value === null) return null;
  const entries = Object.entries(value);
  return Array.isArray(value) ? entries : entries.toSorted(([one], [other]) => (one < other ? -1 : 1));
}

function scalarText(value: unknown, most: number): string {
  if (typeof value !== "string") return String(value);
  const text = JSON.stringify(value.length > most ? value.slice(0, most) : value);
  const more = value.length > most ? `… +${(value.length - most).toLocaleString("en-US")} characters` : "";
  return `${lineText(text, most * 6)}${more}`;
}

function keyPath(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
