import { startOfUnit, timeUnits, type TimeUnit } from "../format/time-unit.ts";
import type { TimeLineBucket } from "./dataset-profile.ts";

/** Counts rows, and averages numbers, by stretch of time; the stretches widen when they become too many. */
export interface TimeBuckets {
  add(at: number, numbers?: ReadonlyMap<string, number>): void;
  finish(): {
    readonly unit: TimeUnit;
    /** How exactly the moments are given: `day` when all of them are midnights, but not all the first of a month. */
    readonly precision: TimeUnit;
    readonly buckets: readonly TimeLineBucket[];
  };
}

interface Bucket {
  rows: number;
  readonly sums: Map<string, { sum: number; count: number }>;
}

/** @param cap How many stretches are kept before they are joined into the next wider ones. */
export function createTimeBuckets(cap: number): TimeBuckets {
  let unit: TimeUnit = timeUnits[0];
  let precision: TimeUnit = timeUnits[timeUnits.length - 1] ?? unit;
  let buckets = new Map<number, Bucket>();

  const widen = (wider: TimeUnit): void => {
    unit = wider;
    buckets = regroup(buckets, wider);
  };

  return {
    add(at, numbers) {
      while (precision !== timeUnits[0] && startOfUnit(at, precision) !== at) precision = finerUnit(precision);
      const bucket = bucketAt(buckets, startOfUnit(at, unit));
      bucket.rows += 1;
      for (const [column, value] of numbers ?? []) addTo(bucket.sums, column, { sum: value, count: 1 });
      const wider = nextUnit(unit);
      if (buckets.size > cap && wider !== null) widen(wider);
    },
    finish() {
      // Readings of the first of each month are monthly readings, though each is known to the hour.
      while (timeUnits.indexOf(unit) < timeUnits.indexOf(precision)) widen(nextUnit(unit) ?? precision);
      const ascending = [...buckets].toSorted((a, b) => a[0] - b[0]);
      return {
        unit,
        precision,
        buckets: ascending.map(([at, bucket]) => ({ at, rows: bucket.rows, means: meansOf(bucket) })),
      };
    },
  };
}

function nextUnit(unit: TimeUnit): TimeUnit | null {
  return timeUnits[timeUnits.indexOf(unit) + 1] ?? null;
}

function finerUnit(unit: TimeUnit): TimeUnit {
  return timeUnits[timeUnits.indexOf(unit) - 1] ?? timeUnits[0];
}

function regroup(buckets: ReadonlyMap<number, Bucket>, unit: TimeUnit): Map<number, Bucket> {
  const wider = new Map<number, Bucket>();
  for (const [at, bucket] of buckets) {
    const target = bucketAt(wider, startOfUnit(at, unit));
    target.rows += bucket.rows;
    for (const [column, sums] of bucket.sums) addTo(target.sums, column, sums);
  }
  return wider;
}

function bucketAt(buckets: Map<number, Bucket>, at: number): Bucket {
  const known = buckets.get(at);
  if (known !== undefined) return known;
  const bucket: Bucket = { rows: 0, sums: new Map() };
  buckets.set(at, bucket);
  return bucket;
}

function addTo(sums: Bucket["sums"], column: string, more: { readonly sum: number; readonly count: number }): void {
  const known = sums.get(column);
  if (known === undefined) sums.set(column, { ...more });
  else {
    known.sum += more.sum;
    known.count += more.count;
  }
}

function meansOf(bucket: Bucket): Readonly<Record<string, number>> {
  return Object.fromEntries([...bucket.sums].map(([column, { sum, count }]) => [column, sum / count]));
}
