// Few enough to be left behind soon, many enough that a new table is seldom begun.
const fewestInTable = 512;

/**
 * A map for entries that come and go without end, such as the tasks a host holds.
 *
 * A plain `Map` keeps the place of a deleted entry until its table is full, then moves what is left to a new table, to which the
 * old one points. When one of these tables has once grown old, it keeps every table after it from the collections of the young, with
 * all that stood in them: nearly everything that ever passes lives until the next full collection. Here a table is never moved; a
 * fresh one is begun, and what is left of the one before the last is carried over.
 */
export class PassingMap<Key, Value> {
  #young = new Map<Key, Value>();
  #old = new Map<Key, Value>();
  #added = 0;

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  get(key: Key): Value | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  set(key: Key, value: Value): void {
    if (this.#added >= fewestInTable && this.#added >= this.size) this.#begin();
    if (this.#old.size > 0) this.#old.delete(key);
    this.#young.set(key, value);
    this.#added += 1;
  }

  /** Whether there was one. */
  delete(key: Key): boolean {
    return this.#young.delete(key) || this.#old.delete(key);
  }

  /** In no order. */
  values(): readonly Value[] {
    return [...this.#old.values(), ...this.#young.values()];
  }

  #begin(): void {
    for (const [key, value] of this.#old) this.#young.set(key, value);
    this.#old = this.#young;
    this.#young = new Map();
    this.#added = 0;
  }
}
