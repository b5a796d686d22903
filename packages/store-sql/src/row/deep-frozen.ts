/** Freezes plain data that nobody else holds, all the way down. */
export function deepFrozen<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  for (const part of Object.values(value)) deepFrozen(part);
  return Object.freeze(value);
}
