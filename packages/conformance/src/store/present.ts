/** The value, which a case relies on; an error that names it when it is absent. */
export function present<Value>(value: Value | null | undefined, what: string): Value {
  if (value === null || value === undefined) throw new Error(`Expected ${what}, got ${String(value)}.`);
  return value;
}
