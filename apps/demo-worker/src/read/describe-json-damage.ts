import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import verifier from "stream-json/utils/verifier.js";
import { DamagedFileError } from "./damaged-file-error.ts";
import { scanJsonPosition } from "./scan-json-position.ts";
import { readExcerpt } from "./read-excerpt.ts";

export interface JsonDamageQuestion {
  readonly path: string;
  /** How many brackets are open around a row: 1 in an array, 2 in the features of a collection. */
  readonly rowDepth: number;
  /** What the reader threw. */
  readonly error: unknown;
}

/**
 * Turns a parse error into one that says row, line and byte. The parser knows none of these, so the file is read
 * a second time, which costs something only when it is damaged anyway. Any other error is given back as it is.
 */
export async function describeJsonDamage({ path, rowDepth, error }: JsonDamageQuestion): Promise<unknown> {
  if (!(error instanceof Error) || isSystemError(error)) return error;
  const offset = await findOffset(path);
  if (offset === null) return error;
  const position = await scanJsonPosition({ path, rowDepth, offset });
  const problem = position.isEndOfFile
    ? "the file ends in the middle of it; the rest is missing"
    : `it is no JSON: ${error.message.replace(/^.*?:\s*/, "")}`;
  const { row, line, byte } = position;
  const excerpt = await readExcerpt(path, byte);
  return new DamagedFileError({ file: basename(path), problem, row, line, byte, excerpt }, error);
}

/** An abort, or a file that cannot be read at all: not a matter of its content. */
function isSystemError(error: Error): boolean {
  return error.name === "AbortError" || typeof Reflect.get(error, "code") === "string";
}

/** The character at which the file stops being JSON, or `null` when all of it is JSON. */
async function findOffset(path: string): Promise<number | null> {
  const nowhere = new Writable({ objectMode: true, write: (_chunk, _encoding, done) => done() });
  try {
    await pipeline(createReadStream(path), verifier.asStream(), nowhere);
    return null;
  } catch (error) {
    const offset: unknown = error instanceof Error ? Reflect.get(error, "offset") : undefined;
    if (typeof offset !== "number") throw error;
    return offset;
  }
}
