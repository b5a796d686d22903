import { describe, expect, it } from "vitest";
import { clampPercent, mergeProgress, noProgress } from "./task-progress.ts";

describe("mergeProgress", () => {
  const half = { percent: 50, label: "half", meta: { n: 1 }, updatedAt: 1 };

  it("R28: keeps what is not said and clears what is said to be null", () => {
    expect(mergeProgress(half, {}, 2)).toEqual({ ...half, updatedAt: 2 });
    expect(mergeProgress(half, { percent: null, label: null, meta: null }, 2)).toEqual({ ...noProgress, updatedAt: 2 });
    expect(mergeProgress(half, { label: "more" }, 2)).toEqual({ ...half, label: "more", updatedAt: 2 });
    expect(mergeProgress(noProgress, { percent: 0, meta: false }, 2)).toMatchObject({ percent: 0, meta: false });
  });

  it("R28: brings a percent to the nearer end", () => {
    const percents = [-1, 0, 33.3, 100, 101, Number.POSITIVE_INFINITY, Number.NaN];
    expect(percents.map(clampPercent)).toEqual([0, 0, 33.3, 100, 100, 100, null]);
  });
});
