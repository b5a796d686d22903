import type { Histogram } from "./dataset-profile.ts";
import type { Distribution } from "./distribution.ts";

const wantedBins = 22;
/** Ends are cut when they make the range this many times as wide as the middle 98 % are. */
const tailFactor = 2.5;
/** Fewer values have no tail worth cutting. */
const fewestForTails = 100;

export interface HistogramRequest {
  readonly distribution: Distribution;
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly isWhole: boolean;
}

/** Counts values in bins whose borders are round numbers. */
export function makeHistogram(request: HistogramRequest): Histogram {
  const { distribution, count, min, max, isWhole } = request;
  const [p01, p99] = [distribution.quantile(0.01), distribution.quantile(0.99)];
  const isTailed = count >= fewestForTails && p99 > p01 && max - min > tailFactor * (p99 - p01);
  const [low, high] = isTailed ? [p01, p99] : [min, max];
  const step = roundStep((high - low) / wantedBins, isWhole);
  const first = Math.floor(low / step);
  const last = Math.floor(high / step);
  const border = (index: number): number => Number((index * step).toPrecision(12));
  const counts: number[] = [];
  for (let index = first; index <= last; index += 1) {
    counts.push(distribution.countBelow(border(index + 1)) - distribution.countBelow(border(index)));
  }
  const below = distribution.countBelow(border(first));
  const inside = counts.reduce((sum, bin) => sum + bin, 0);
  return { start: border(first), step, counts, below, above: count - below - inside };
}

/** The nearest 1, 2 or 5 times a power of ten. */
function roundStep(width: number, isWhole: boolean): number {
  if (!(width > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(width));
  const share = width / power;
  const factor = share < 1.5 ? 1 : share < 3.5 ? 2 : share < 7.5 ? 5 : 10;
  const step = Number((factor * power).toPrecision(12));
  return isWhole ? Math.max(1, Math.round(step)) : step;
}
