import type { StoredValue } from "@millrace/models";

/**
 * One column for both forms of a value: JSON text as text, a codec's bytes as bytes that begin with the length of the
 * codec's id and the id. Nobody parses the text.
 */
export function valueToColumn(value: StoredValue | null): string | Uint8Array | null {
  if (value === null || typeof value === "string") return value;
  const id = new TextEncoder().encode(value.codecId);
  const column = new Uint8Array(2 + id.length + value.bytes.length);
  column[0] = id.length >> 8;
  column[1] = id.length & 0xff;
  column.set(id, 2);
  column.set(value.bytes, 2 + id.length);
  return column;
}

/** What `valueToColumn` was given. */
export function valueOfColumn(column: unknown): StoredValue | null {
  if (typeof column === "string") return column;
  if (!(column instanceof Uint8Array)) return null;
  const idLength = ((column[0] ?? 0) << 8) | (column[1] ?? 0);
  return {
    codecId: new TextDecoder().decode(column.subarray(2, 2 + idLength)),
    // A copy that is nothing but a Uint8Array: drivers hand out their own subclasses.
    bytes: new Uint8Array(column.subarray(2 + idLength)),
  };
}
