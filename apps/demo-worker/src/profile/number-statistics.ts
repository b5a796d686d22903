import type { NumberSummary } from "./dataset-profile.ts";
import { digestedDistribution, exactDistribution, type Distribution } from "./distribution.ts";
import { makeHistogram } from "./make-histogram.ts";
import { createNumberDigest } from "./number-digest.ts";

/** Sums up numbers one by one. */
export interface NumberStatistics {
  add(value: number): void;
  /** The smallest and largest so far; `Infinity` and `-Infinity` before the first. */
  range(): { readonly min: number; readonly max: number };
  /** @param exactCounts Every value with its count when they are all known; then nothing is estimated. */
  finish(exactCounts: ReadonlyMap<number, number> | null): NumberSummary | null;
}

export function createNumberStatistics(): NumberStatistics {
  const digest = createNumberDigest();
  let [count, mean, squares, min, max] = [0, 0, 0, Infinity, -Infinity];
  let isWhole = true;

  const summarise = (distribution: Distribution): NumberSummary => ({
    count,
    min,
    max,
    mean,
    deviation: count > 1 ? Math.sqrt(squares / (count - 1)) : 0,
    quantiles: {
      p05: distribution.quantile(0.05),
      p25: distribution.quantile(0.25),
      p50: distribution.quantile(0.5),
      p75: distribution.quantile(0.75),
      p95: distribution.quantile(0.95),
    },
    histogram: makeHistogram({ distribution, count, min, max, isWhole }),
    isExact: distribution.isExact,
  });

  return {
    add(value) {
      digest.add(value);
      // Welford's update: the mean and the sum of squared distances stay accurate without keeping the values.
      count += 1;
      const distance = value - mean;
      mean += distance / count;
      squares += distance * (value - mean);
      min = Math.min(min, value);
      max = Math.max(max, value);
      isWhole &&= Number.isInteger(value);
    },
    range: () => ({ min, max }),
    finish(exactCounts) {
      if (count === 0) return null;
      return summarise(exactCounts === null ? digestedDistribution(digest, count) : exactDistribution(exactCounts));
    },
  };
}
