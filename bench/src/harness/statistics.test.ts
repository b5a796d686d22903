import { describe, expect, it } from "vitest";
import { percentile, ratiosOf, spreadOf } from "./statistics.ts";

describe("statistics", () => {
  it("finds the middle of an odd and of an even number of values, in whatever order they came", () => {
    expect(spreadOf([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
    expect(spreadOf([4, 1, 3, 2]).median).toBe(2.5);
  });

  it("interpolates percentiles and meets both ends", () => {
    expect(percentile([10, 20, 30, 40, 50], 25)).toBe(20);
    expect(percentile([10, 20], 75)).toBe(17.5);
    expect(percentile([10, 20, 30], 0)).toBe(10);
    expect(percentile([10, 20, 30], 100)).toBe(30);
  });

  it("pairs the values of one round", () => {
    expect(ratiosOf([10, 30], [5, 10])).toEqual([2, 3]);
  });
});
