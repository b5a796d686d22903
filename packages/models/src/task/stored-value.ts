/** Bytes that a codec made of a JSON text; only the codec of that id can read them. */
export interface EncodedValue {
  readonly codecId: string;
  readonly bytes: Uint8Array;
}

/**
 * An input, output, failure, state, signal payload or memo as a store keeps it: JSON text, or the bytes a codec made
 * of it. A store never parses it. `null` beside it means absent; the text `"null"` is a value.
 */
export type StoredValue = string | EncodedValue;
