/**
 * A copy of plain data that neither its giver nor a reader can change. Bytes are copied but stay writable: JavaScript
 * has no frozen ones.
 */
export function frozenCopy<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  return copyOf(value) as Value;
}

function copyOf(value: object): unknown {
  if (value instanceof Uint8Array) return value.slice();
  if (Array.isArray(value)) return Object.freeze(value.map((item: unknown) => frozenCopy(item)));
  // Entries make own keys of names such as `__proto__`, which an assignment would not.
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, item]) => [key, frozenCopy(item)])));
}

/** Freezes what a move has just made: the object, and the plain objects right under it that are not frozen yet. */
export function frozen<Value extends object>(value: Value): Value {
  if (Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) {
    if (typeof part === "object" && part !== null && !(part instanceof Uint8Array)) frozen(part as object);
  }
  return Object.freeze(value);
}
