import type { ValueCount } from "./dataset-profile.ts";
import { createHyperLogLog, type HyperLogLog } from "./hyper-log-log.ts";

/** Counts values exactly while they are few, and closely enough when they are many, in bounded memory. */
export interface ValueCounter {
  add(value: number | string): void;
  /** How many different values there were. */
  distinct(): { readonly count: number; readonly isExact: boolean };
  /** The most frequent values, most frequent first. Once inexact, a count may be too low, never too high. */
  top(limit: number): { readonly values: readonly ValueCount[]; readonly isExact: boolean };
  /** Every value with its count, or `null` when there were too many to keep. */
  exactCounts(): ReadonlyMap<number | string, number> | null;
}

/** @param cap How many different values are counted exactly. */
export function createValueCounter(cap: number): ValueCounter {
  const counts = new Map<number | string, number>();
  let sketch: HyperLogLog | null = null;

  const add = (value: number | string): void => {
    counts.set(value, (counts.get(value) ?? 0) + 1);
    sketch?.add(String(value));
    if (counts.size <= cap) return;
    sketch ??= sketchOf(counts.keys());
    dropRareHalf(counts);
  };

  return {
    add,
    distinct: () =>
      sketch === null ? { count: counts.size, isExact: true } : { count: sketch.estimate(), isExact: false },
    top: (limit) => ({
      values: [...counts]
        .map(([value, count]) => ({ value: String(value), count }))
        .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
        .slice(0, limit),
      isExact: sketch === null,
    }),
    exactCounts: () => (sketch === null ? counts : null),
  };
}

function sketchOf(values: Iterable<number | string>): HyperLogLog {
  const sketch = createHyperLogLog();
  for (const value of values) sketch.add(String(value));
  return sketch;
}

/** Keeps the more frequent half. What is frequent in the long run comes back after being dropped early. */
function dropRareHalf(counts: Map<number | string, number>): void {
  const ascending = [...counts].toSorted((a, b) => a[1] - b[1]);
  for (const [value] of ascending.slice(0, Math.ceil(ascending.length / 2))) counts.delete(value);
}
