import { expect, it } from "vitest";
import { calmest } from "./calmest.ts";
import type { MachineTime } from "./taken-time.ts";

/** Measures 1, 2, 3, … while neighbours have so much of each hundred ticks. */
async function measured(taken: readonly (number | null)[], tries: number): Promise<unknown> {
  let looks = 0;
  let runs = 0;
  let sum = 0;
  const time = (): MachineTime | null => {
    const now = taken[Math.floor(looks / 2)] ?? null;
    if (looks++ % 2 === 1) sum += now ?? 0;
    return now === null ? null : { wanted: looks * 100, taken: sum, idle: 0 };
  };
  return calmest(async () => (runs += 1), { tries, time });
}

it("measures once on a calm machine, and on one that does not count", async () => {
  expect(await measured([2], 5)).toEqual({ value: 1, takenPercent: 2 });
  expect(await measured([null], 5)).toEqual({ value: 1, takenPercent: null });
});

it("measures again while neighbours are busy, until one run was calm", async () => {
  expect(await measured([30, 40, 1, 0], 5)).toEqual({ value: 3, takenPercent: 1 });
});

it("answers the calmest when none was", async () => {
  expect(await measured([30, 10, 40], 3)).toEqual({ value: 2, takenPercent: 10 });
});
