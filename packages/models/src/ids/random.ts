/** Where chance comes from, so that a seed can replay it. */
export interface Random {
  /** A number from 0 (included) to 1 (excluded). */
  next(): number;
  /** A random UUID (version 4), lower case. Lease tokens are made of these: they must not be guessable. */
  uuid(): string;
}

/** Chance as the platform gives it. */
export const systemRandom: Random = {
  next: () => Math.random(),
  uuid: () => crypto.randomUUID(),
};

/** The same sequence for the same seed. For tests and simulations only: its ids are guessable. */
export function createSeededRandom(seed: number): Random {
  // mulberry32 (Tommy Ettinger, public domain): 32 bits of state, good enough to shuffle tests with.
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const hex = (digits: number): string =>
    Math.floor(next() * 16 ** digits)
      .toString(16)
      .padStart(digits, "0");
  return {
    next,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${"89ab"[Math.floor(next() * 4)]}${hex(3)}-${hex(8)}${hex(4)}`,
  };
}
