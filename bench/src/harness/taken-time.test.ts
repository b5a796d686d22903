import { expect, it } from "vitest";
import { busyPercent, parseMachineTime, takenPercent } from "./taken-time.ts";

it("tells how much of the wanted time others had", () => {
  const before = parseMachineTime("cpu  100 10 20 5000 7 0 5 15 0 0\ncpu0 1 2 3");
  expect(before).toEqual({ wanted: 150, taken: 15, idle: 5_007 });
  expect(takenPercent(before, parseMachineTime("cpu  160 10 30 9000 9 0 5 45 0 0\n"))).toBe(30);
});

it("says nothing of a machine that does not count, or that had no work", () => {
  expect(parseMachineTime("intr 1 2 3")).toBeNull();
  const still = { wanted: 1, taken: 1, idle: 1 };
  for (const percent of [takenPercent, busyPercent]) {
    expect(percent(null, still)).toBeNull();
    expect(percent(still, still)).toBeNull();
  }
});

it("tells how much of the machine was wanted", () => {
  expect(busyPercent({ wanted: 10, taken: 0, idle: 50 }, { wanted: 40, taken: 0, idle: 60 })).toBe(75);
});
