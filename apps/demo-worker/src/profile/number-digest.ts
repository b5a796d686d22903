/**
 * A t-digest: the values as weighted means, narrow at both ends and wide in the middle, so that quantiles are close
 * everywhere and closest where few values lie. Memory does not grow with the number of values.
 */
export interface NumberDigest {
  add(value: number): void;
  /** The value below which the share `q` (0 to 1) of all values lies. */
  quantile(q: number): number;
  /** The share of values below `value`. */
  shareBelow(value: number): number;
}

interface Centroid {
  readonly mean: number;
  readonly weight: number;
}

const compression = 200;
const bufferSize = 4000;

export function createNumberDigest(): NumberDigest {
  let centroids: readonly Centroid[] = [];
  let buffer: number[] = [];
  let [min, max, count] = [Infinity, -Infinity, 0];

  const flush = (): void => {
    if (buffer.length === 0) return;
    const fresh = buffer.map((mean) => ({ mean, weight: 1 }));
    centroids = compress(
      [...centroids, ...fresh].toSorted((a, b) => a.mean - b.mean),
      count,
    );
    buffer = [];
  };

  /** Known points of the distribution: the ends, and the middle of each centroid. Rank ascends from 0 to `count`. */
  const points = (): readonly Point[] => {
    flush();
    const middle: Point[] = [];
    let rank = 0;
    for (const { mean, weight } of centroids) {
      middle.push({ rank: rank + weight / 2, value: mean });
      rank += weight;
    }
    return [{ rank: 0, value: min }, ...middle, { rank: count, value: max }];
  };

  return {
    add(value) {
      buffer.push(value);
      count += 1;
      min = Math.min(min, value);
      max = Math.max(max, value);
      if (buffer.length >= bufferSize) flush();
    },
    quantile: (q) => interpolate(points(), q * count, { from: "rank", to: "value" }),
    shareBelow(value) {
      if (value <= min) return 0;
      if (value > max) return 1;
      return interpolate(points(), value, { from: "value", to: "rank" }) / count;
    },
  };
}

interface Point {
  readonly rank: number;
  readonly value: number;
}

/** Joins neighbours while the joined one stays within its share of the scale. */
function compress(sorted: readonly Centroid[], total: number): readonly Centroid[] {
  const joined: Centroid[] = [];
  let open: Centroid | null = null;
  let done = 0;
  for (const next of sorted) {
    if (open === null) {
      open = next;
      continue;
    }
    const weight: number = open.weight + next.weight;
    if (scale((done + weight) / total) - scale(done / total) <= 1) {
      open = { mean: open.mean + ((next.mean - open.mean) * next.weight) / weight, weight };
    } else {
      joined.push(open);
      done += open.weight;
      open = next;
    }
  }
  if (open !== null) joined.push(open);
  return joined;
}

function scale(q: number): number {
  return (compression / (2 * Math.PI)) * Math.asin(Math.min(1, Math.max(-1, 2 * q - 1)));
}

function interpolate(points: readonly Point[], target: number, axes: { from: keyof Point; to: keyof Point }): number {
  let previous = points[0] ?? { rank: 0, value: Number.NaN };
  for (const point of points) {
    if (point[axes.from] >= target) {
      const span = point[axes.from] - previous[axes.from];
      const part = span === 0 ? 0 : (target - previous[axes.from]) / span;
      return previous[axes.to] + (point[axes.to] - previous[axes.to]) * part;
    }
    previous = point;
  }
  return previous[axes.to];
}
