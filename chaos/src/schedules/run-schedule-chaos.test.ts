import { rm } from "node:fs/promises";
import { expect, it } from "vitest";
import { runScheduleChaos } from "./run-schedule-chaos.ts";

const options = { driver: "sqlite", workers: 2, schedules: 20, seconds: 3, lateSteps: 0.8 } as const;
const occurrences = options.schedules * options.seconds;

it(
  "I10, T56: schedules of killed, stopped and late processes become one task an occurrence",
  { timeout: 120_000 },
  async () => {
    const said: string[] = [];
    const say = (line: string): void => void said.push(line);
    const { folder, verdict, violations } = await runScheduleChaos({ ...options, seed: 7, isMutant: false, say });
    expect({ ...verdict, violations }, said.join("\n")).toEqual({
      tasks: occurrences,
      missing: 0,
      doubled: 0,
      strange: 0,
      violations: [],
    });
    await rm(folder, { recursive: true, force: true });
  },
);

// Two processes must meet over the same occurrence: where a machine gives them no time to, another run does.
const seeds: readonly number[] = [7, 8, 9, 10, 11];

it("the same run finds a store whose occurrences are not unique", { timeout: 240_000 }, async () => {
  const said: string[] = [];
  const say = (line: string): void => void said.push(line);
  let doubled = 0;
  for (const seed of seeds) {
    const { folder, verdict } = await runScheduleChaos({ ...options, seed, isMutant: true, say });
    await rm(folder, { recursive: true, force: true });
    doubled += verdict.doubled;
    if (doubled > 0) break;
  }
  expect(doubled, said.join("\n")).toBeGreaterThan(0);
});
