import type { StoredValue } from "@millrace/models";

// No JSON text begins with one of these.
const encodedMark = "\u0001";
const escapedMark = "\u0002";

/**
 * A value as text: JSON text as it is, a codec's bytes behind a mark. Nobody parses the text, but Postgres takes no zero
 * character, so a text with one is escaped.
 */
export function valueToText(value: StoredValue | null): string | null {
  if (value === null) return null;
  if (typeof value !== "string") {
    return encodedMark + JSON.stringify([value.codecId, Buffer.from(value.bytes).toString("base64")]);
  }
  const isPlain = !value.startsWith(encodedMark) && !value.startsWith(escapedMark) && !value.includes("\0");
  return isPlain ? value : escapedMark + JSON.stringify(value);
}

/** What `valueToText` was given. */
export function valueOfText(text: unknown): StoredValue | null {
  if (typeof text !== "string") return null;
  if (text.startsWith(escapedMark)) return JSON.parse(text.slice(1)) as string;
  if (!text.startsWith(encodedMark)) return text;
  const [codecId, base64] = JSON.parse(text.slice(1)) as [string, string];
  return { codecId, bytes: new Uint8Array(Buffer.from(base64, "base64")) };
}
