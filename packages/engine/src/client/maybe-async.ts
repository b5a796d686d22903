/** A value, or the promise of one. What needs no waiting stays synchronous, so that a synchronous transaction can use it. */
export type MaybeAsync<Value> = Value | Promise<Value>;

/** Goes on with a value: at once when it is there, later when it is promised. */
export function andThen<Value, Next>(
  value: MaybeAsync<Value>,
  next: (value: Value) => MaybeAsync<Next>,
): MaybeAsync<Next> {
  if (!isPromise(value)) return next(value);
  return (async () => next(await value))();
}

/** Maps a list in order; synchronous as long as every item is. */
export function mapInOrder<Item, Mapped>(
  items: readonly Item[],
  map: (item: Item, index: number) => MaybeAsync<Mapped>,
): MaybeAsync<readonly Mapped[]> {
  const mapped = items.map(map);
  return mapped.some(isPromise) ? Promise.all(mapped) : (mapped as readonly Mapped[]);
}

/** Whether a value must be waited for; promises of other realms and libraries count too. */
export function isPromise<Value>(value: MaybeAsync<Value>): value is Promise<Value> {
  if (typeof value !== "object" || value === null) return false;
  return value instanceof Promise || typeof (value as { readonly then?: unknown }).then === "function";
}
