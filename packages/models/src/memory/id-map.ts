const bucketCount = 4_096;

interface Entry<Value> {
  readonly id: string;
  value: Value;
  next: Entry<Value> | null;
}

/**
 * A map by id for entries that come and go without end, such as the tasks a host holds: up to some ten thousands at a time.
 *
 * A plain `Map` keeps the place of a deleted entry until its table is full, then moves what is left to a new table, to which the
 * old one points. When one of these tables has once grown old, it keeps every table after it from the collections of the young, with
 * all that stood in them: nearly everything that ever passes lives until the next full collection. Here an entry that goes is held
 * by nothing. And an id is found by its last three digits, which are random; a `Map` would have to read all of each new text.
 */
export class IdMap<Value> {
  readonly #buckets: (Entry<Value> | null)[] = Array.from({ length: bucketCount }, () => null);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(id: string): Value | undefined {
    return inChain(this.#buckets[bucketOf(id)] ?? null, id)?.value;
  }

  /** Answers what stood there before. */
  set(id: string, value: Value): Value | undefined {
    const bucket = bucketOf(id);
    const first = this.#buckets[bucket] ?? null;
    const found = inChain(first, id);
    if (found) {
      const before = found.value;
      found.value = value;
      return before;
    }
    this.#buckets[bucket] = { id, value, next: first };
    this.#size += 1;
    return undefined;
  }

  /** Whether there was one; with `only`, another value stays. */
  delete(id: string, only?: Value): boolean {
    const bucket = bucketOf(id);
    let before: Entry<Value> | null = null;
    for (let entry = this.#buckets[bucket] ?? null; entry !== null; entry = entry.next) {
      if (entry.id === id) {
        if (only !== undefined && entry.value !== only) return false;
        if (before) before.next = entry.next;
        else this.#buckets[bucket] = entry.next;
        // One that has grown old must not keep those behind it.
        entry.next = null;
        this.#size -= 1;
        return true;
      }
      before = entry;
    }
    return false;
  }

  /** In no order. */
  values(): readonly Value[] {
    const values: Value[] = [];
    for (const first of this.#buckets) {
      for (let entry = first; entry !== null; entry = entry.next) values.push(entry.value);
    }
    return values;
  }
}

function inChain<Value>(first: Entry<Value> | null, id: string): Entry<Value> | null {
  let entry = first;
  while (entry !== null && entry.id !== id) entry = entry.next;
  return entry;
}

/** The last three hexadecimal digits as a number; any other text has a bucket too. */
function bucketOf(id: string): number {
  const last = id.length - 1;
  return (digit(id.charCodeAt(last - 2)) << 8) | (digit(id.charCodeAt(last - 1)) << 4) | digit(id.charCodeAt(last));
}

/** The value of a digit by its code: letters have bit 6. */
function digit(code: number): number {
  return (code + (code >> 6) * 9) & 15;
}
