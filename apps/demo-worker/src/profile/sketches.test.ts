import { describe, expect, it } from "vitest";
import { exactDistribution } from "./distribution.ts";
import { createHyperLogLog } from "./hyper-log-log.ts";
import { makeHistogram } from "./make-histogram.ts";
import { createNumberDigest } from "./number-digest.ts";
import { createPlaceGrid } from "./place-grid.ts";
import { createReservoir } from "./reservoir.ts";
import { createTimeBuckets } from "./time-buckets.ts";
import { createValueCounter } from "./value-counter.ts";

const range = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);

describe("HyperLogLog", () => {
  it.each([10, 1000, 20_000, 150_000])(
    "is within 3 percent at %i different texts, however often they come",
    (count) => {
      const sketch = createHyperLogLog();
      for (const index of range(2 * count)) sketch.add(`key-${String(index % count)}`);
      expect(Math.abs(sketch.estimate() / count - 1)).toBeLessThan(0.03);
    },
  );
});

describe("the value counter", () => {
  it("is exact up to its cap", () => {
    const counter = createValueCounter(3);
    for (const value of ["a", "b", "a", "c"]) counter.add(value);
    expect(counter.distinct()).toEqual({ count: 3, isExact: true });
    expect(counter.top(2)).toEqual({
      isExact: true,
      values: [
        { value: "a", count: 2 },
        { value: "b", count: 1 },
      ],
    });
  });

  it("says so when it estimates, and still finds what is frequent", () => {
    const counter = createValueCounter(100);
    for (const index of range(20_000)) {
      counter.add(`rare-${String(index)}`);
      if (index % 10 === 0) counter.add("frequent");
    }
    expect(counter.exactCounts()).toBeNull();
    expect(counter.top(1)).toEqual({ isExact: false, values: [{ value: "frequent", count: 2000 }] });
    expect(Math.abs(counter.distinct().count / 20_001 - 1)).toBeLessThan(0.03);
  });
});

describe("the number digest", () => {
  it("finds quantiles of a skewed distribution within one percent of rank", () => {
    const digest = createNumberDigest();
    const values = range(50_000).map((index) => ((index * 7919) % 50_000) ** 3);
    for (const value of values) digest.add(value);
    for (const q of [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]) {
      const found = digest.quantile(q);
      const rank = values.filter((value) => value < found).length / values.length;
      expect(Math.abs(rank - q)).toBeLessThan(0.01);
      expect(Math.abs(digest.shareBelow(found) - q)).toBeLessThan(0.01);
    }
    expect(digest.quantile(0)).toBe(0);
    expect(digest.quantile(1)).toBe(49_999 ** 3);
  });
});

describe("a histogram", () => {
  const histogramOf = (values: readonly number[]) => {
    const counts = new Map<number, number>();
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    const [min, max] = [Math.min(...values), Math.max(...values)];
    const isWhole = values.every(Number.isInteger);
    return makeHistogram({ distribution: exactDistribution(counts), count: values.length, min, max, isWhole });
  };

  it("gives few whole numbers a bin each", () => {
    expect(histogramOf([0, 1, 1, 3])).toEqual({ start: 0, step: 1, counts: [1, 2, 0, 1], below: 0, above: 0 });
  });

  it("uses round borders and loses no row", () => {
    const histogram = histogramOf(range(1000).map((index) => index / 37));
    expect(histogram.step).toBe(1);
    expect(histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(1000);
  });

  it("counts extreme values beside the bins instead of flattening them", () => {
    const histogram = histogramOf([...range(1000).map((index) => index % 50), 1_000_000, 2_000_000]);
    expect(histogram.above).toBe(2);
    expect(histogram.counts.length).toBeLessThan(30);
  });

  it("bears a single value", () => {
    expect(histogramOf([4.5, 4.5])).toMatchObject({ start: 4, step: 1, counts: [2] });
  });
});

describe("time buckets", () => {
  it("widen when they are too many, and keep rows and means", () => {
    const buckets = createTimeBuckets(40);
    for (const day of range(90)) buckets.add(Date.UTC(2020, 0, 1 + day, 12), new Map([["t", day]]));
    const { unit, precision, buckets: months } = buckets.finish();
    expect([unit, precision]).toEqual(["month", "hour"]);
    expect(months.map((bucket) => bucket.rows)).toEqual([31, 29, 30]);
    expect(months[0]).toEqual({ at: Date.UTC(2020, 0), rows: 31, means: { t: 15 } });
  });

  it("name the unit the readings were really taken in", () => {
    const buckets = createTimeBuckets(40);
    for (const month of range(12)) buckets.add(Date.UTC(1958, month));
    expect(buckets.finish()).toMatchObject({ unit: "month", precision: "month" });
  });
});

describe("the place grid", () => {
  it("joins squares when they become too many, and loses no row", () => {
    const grid = createPlaceGrid(50);
    for (const index of range(400)) grid.add(-120 + (index % 20), 30 + Math.floor(index / 20));
    grid.add(500, 0);
    const places = grid.finish();
    expect(places?.cells.length).toBeLessThanOrEqual(50);
    expect(places?.cells.reduce((sum, cell) => sum + cell.rows, 0)).toBe(400);
  });
});

describe("a reservoir", () => {
  it("keeps everything while it fits, then a choice from beginning to end", () => {
    const reservoir = createReservoir<number>(100);
    for (const index of range(100)) reservoir.add(index);
    expect(reservoir.isComplete()).toBe(true);
    for (const index of range(9900)) reservoir.add(100 + index);
    expect(reservoir.isComplete()).toBe(false);
    const mean = reservoir.items.reduce((sum, item) => sum + item, 0) / 100;
    expect(mean).toBeGreaterThan(4000);
    expect(mean).toBeLessThan(6000);
  });
});
