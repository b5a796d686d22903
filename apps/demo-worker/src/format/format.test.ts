import { describe, expect, it } from "vitest";
import { formatBytes, formatCount, formatDuration, formatShare, formatValue } from "./format-number.ts";
import { formatMoment } from "./format-time.ts";
import { startOfNextUnit, startOfUnit, timeUnits } from "./time-unit.ts";

describe("numbers for people", () => {
  it.each([
    [0, "0"],
    [2.71501, "2.72"],
    [0.04567, "0.0457"],
    [123.456, "123.5"],
    [1452, "1,452"],
    [-176.79, "\u2212176.8"],
    [2_767_891_499, "2.8B"],
    [0.0000012, "1.2e-6"],
    [Number.NaN, "–"],
  ])("writes %d as %s", (value, text) => {
    expect(formatValue(value)).toBe(text);
  });

  it("never rounds a share to nothing or to all", () => {
    expect([0, 0.001, 0.126, 0.999, 1].map(formatShare)).toEqual(["0%", "<1%", "13%", ">99%", "100%"]);
  });

  it("writes sizes, counts and lengths of time", () => {
    expect([532, 2137, 34_739, 9_863_892].map(formatBytes)).toEqual(["532 B", "2.1 kB", "35 kB", "9.9 MB"]);
    expect(formatCount(200_000)).toBe("200,000");
    expect([0, 31, 420, 12_300, 125_000].map(formatDuration)).toEqual(["0 s", "31 ms", "0.4 s", "12 s", "2 min 5 s"]);
  });
});

describe("moments", () => {
  const at = Date.UTC(2018, 1, 3, 14, 25);

  it("are as exact as their unit", () => {
    expect(timeUnits.map((unit) => formatMoment(at, unit))).toEqual([
      "3 February 2018, 14:25",
      "3 February 2018",
      "February 2018",
      "2018",
    ]);
  });

  it("lie in a unit that ends where the next begins", () => {
    for (const unit of timeUnits) {
      const start = startOfUnit(at, unit);
      const next = startOfNextUnit(start, unit);
      expect(start).toBeLessThanOrEqual(at);
      expect(next).toBeGreaterThan(at);
      expect(startOfUnit(next, unit)).toBe(next);
      expect(startOfUnit(next - 1, unit)).toBe(start);
    }
  });
});
