const longestChunk = 512;

/** How two items stand: negative when the first comes first. Only the same item may compare as 0. */
export type Compare<Item> = (a: Item, b: Item) => number;

/** Items in order, in chunks, so that a change in a list of 100,000 moves a few hundred of them. */
export class SortedList<Item> {
  readonly #compare: Compare<Item>;
  #chunks: Item[][] = [];
  #size = 0;

  constructor(compare: Compare<Item>) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#size;
  }

  first(): Item | undefined {
    return this.#chunks[0]?.[0];
  }

  /** The first item behind this one, which need not be in the list any more. */
  after(item: Item): Item | undefined {
    const at = this.#chunkFor(item);
    const chunk = this.#chunks[at];
    if (chunk === undefined) return undefined;
    let index = this.#indexIn(chunk, item);
    const found = chunk[index];
    if (found !== undefined && this.#compare(found, item) === 0) index += 1;
    return chunk[index] ?? this.#chunks[at + 1]?.[0];
  }

  add(item: Item): void {
    this.#size += 1;
    const at = Math.min(this.#chunkFor(item), this.#chunks.length - 1);
    const chunk = this.#chunks[at];
    if (chunk === undefined) {
      this.#chunks.push([item]);
      return;
    }
    chunk.splice(this.#indexIn(chunk, item), 0, item);
    if (chunk.length > longestChunk) this.#chunks.splice(at + 1, 0, chunk.splice(longestChunk / 2));
  }

  /** Whether it was there. */
  delete(item: Item): boolean {
    const at = this.#chunkFor(item);
    const chunk = this.#chunks[at];
    if (chunk === undefined) return false;
    const index = this.#indexIn(chunk, item);
    const found = chunk[index];
    if (found === undefined || this.#compare(found, item) !== 0) return false;
    chunk.splice(index, 1);
    this.#size -= 1;
    if (chunk.length === 0) this.#chunks.splice(at, 1);
    return true;
  }

  *[Symbol.iterator](): Generator<Item> {
    for (const chunk of this.#chunks) yield* chunk;
  }

  /** The first chunk whose last item does not stand before `item`. */
  #chunkFor(item: Item): number {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const last = this.#chunks[middle]?.at(-1);
      if (last !== undefined && this.#compare(last, item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #indexIn(chunk: readonly Item[], item: Item): number {
    let low = 0;
    let high = chunk.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const found = chunk[middle];
      if (found !== undefined && this.#compare(found, item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
