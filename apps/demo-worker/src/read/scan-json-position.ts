import { createReadStream } from "node:fs";

export interface JsonPositionQuestion {
  readonly path: string;
  readonly rowDepth: number;
  /** In UTF-16 units, as the verifier counts. */
  readonly offset: number;
}

export interface JsonPosition {
  readonly row: number;
  readonly line: number;
  readonly byte: number;
  /** Whether nothing but the end of the file stands at the offset. */
  readonly isEndOfFile: boolean;
}

const quote = 0x22;
const backslash = 0x5c;
const newline = 0x0a;
const openArray = 0x5b;
const closeArray = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/** Counts bytes, lines and complete rows of a JSON file up to a character, without building any value. */
export async function scanJsonPosition({ path, rowDepth, offset }: JsonPositionQuestion): Promise<JsonPosition> {
  let [characters, byte, line, rows] = [0, 0, 1, 0];
  const open: number[] = [];
  let [isInString, isEscaped] = [false, false];
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    for (const code of chunk) {
      const units = utf16UnitsStartedBy(code);
      if (units > 0 && characters >= offset) return { row: rows + 1, line, byte, isEndOfFile: false };
      characters += units;
      byte += 1;
      if (code === newline) line += 1;
      if (isInString) {
        if (isEscaped) isEscaped = false;
        else if (code === backslash) isEscaped = true;
        else if (code === quote) isInString = false;
      } else if (code === quote) isInString = true;
      else if (code === openArray || code === openObject) open.push(code);
      else if (code === closeArray || code === closeObject) {
        open.pop();
        // A row is an object that stands in an array; other values of a collection are neither.
        if (code === closeObject && open.length === rowDepth && open.at(-1) === openArray) rows += 1;
      }
    }
  }
  return { row: rows + 1, line, byte, isEndOfFile: true };
}

/** 0 for a byte that continues a character, 2 for the first byte of one outside the basic plane, else 1. */
function utf16UnitsStartedBy(code: number): number {
  if (code >= 0x80 && code < 0xc0) return 0;
  return code >= 0xf0 ? 2 : 1;
}
