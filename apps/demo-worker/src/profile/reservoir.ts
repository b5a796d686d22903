/** Keeps a fair choice of everything that was added: each item is as likely to be in it as any other. */
export interface Reservoir<Item> {
  add(item: Item): void;
  readonly items: readonly Item[];
  /** Whether all items are in it. */
  isComplete(): boolean;
}

/** @param capacity How many items are kept. The choice is the same in every run over the same items. */
export function createReservoir<Item>(capacity: number): Reservoir<Item> {
  const items: Item[] = [];
  const random = createRandom(0x9e3779b9);
  let seen = 0;
  return {
    items,
    add(item) {
      seen += 1;
      if (items.length < capacity) {
        items.push(item);
        return;
      }
      const place = Math.floor(random() * seen);
      if (place < capacity) items[place] = item;
    },
    isComplete: () => seen <= capacity,
  };
}

/** Marsaglia's xorshift with 32 bits: even enough for a sample, and the same on every machine. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
