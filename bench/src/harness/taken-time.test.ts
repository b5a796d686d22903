import { expect, it } from "vitest";
import { parseMachineTime, takenPercent } from "./taken-time.ts";

it("tells how much of the wanted time others had", () => {
  const before = parseMachineTime("cpu  100 10 20 5000 7 0 5 15 0 0\ncpu0 1 2 3");
  expect(before).toEqual({ wanted: 150, taken: 15 });
  expect(takenPercent(before, parseMachineTime("cpu  160 10 30 9000 9 0 5 45 0 0\n"))).toBe(30);
});

it("says nothing of a machine that does not count, or that had no work", () => {
  expect(parseMachineTime("intr 1 2 3")).toBeNull();
  expect(takenPercent(null, { wanted: 1, taken: 1 })).toBeNull();
  expect(takenPercent({ wanted: 1, taken: 1 }, { wanted: 1, taken: 1 })).toBeNull();
});
