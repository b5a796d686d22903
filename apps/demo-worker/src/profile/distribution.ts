import type { NumberDigest } from "./number-digest.ts";

/** The same two questions to all values, or to a digest of them. */
export interface Distribution {
  quantile(q: number): number;
  /** How many values lie below, the value itself not counted. */
  countBelow(value: number): number;
  readonly isExact: boolean;
}

/** A distribution of which every value is known. */
export function exactDistribution(counts: ReadonlyMap<number, number>): Distribution {
  const values = [...counts.keys()].toSorted((a, b) => a - b);
  const ranks: number[] = [];
  let total = 0;
  for (const value of values) {
    ranks.push(total);
    total += counts.get(value) ?? 0;
  }
  return {
    quantile: (q) => values[Math.max(0, firstAtLeast(ranks, q * (total - 1) + Number.EPSILON, true) - 1)] ?? Number.NaN,
    countBelow(value) {
      const index = firstAtLeast(values, value, false);
      return index < ranks.length ? (ranks[index] ?? 0) : total;
    },
    isExact: true,
  };
}

/** A distribution known through its digest. */
export function digestedDistribution(digest: NumberDigest, count: number): Distribution {
  return {
    quantile: (q) => digest.quantile(q),
    countBelow: (value) => Math.round(digest.shareBelow(value) * count),
    isExact: false,
  };
}

/** Index of the first element that is at least (or, when asked, more than) the target; the length when none is. */
function firstAtLeast(sorted: readonly number[], target: number, isMore: boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = sorted[middle] ?? Infinity;
    if (isMore ? value > target : value >= target) high = middle;
    else low = middle + 1;
  }
  return low;
}
