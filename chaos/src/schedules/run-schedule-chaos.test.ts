import { rm } from "node:fs/promises";
import { expect, it } from "vitest";
import { runScheduleChaos } from "./run-schedule-chaos.ts";

it(
  "I10, T56: schedules of killed and stopped processes become one task an occurrence",
  { timeout: 120_000 },
  async () => {
    const said: string[] = [];
    const options = { driver: "sqlite", workers: 2, schedules: 20, seconds: 3, seed: 7, isMutant: false } as const;
    const { folder, verdict, violations } = await runScheduleChaos({ ...options, say: (line) => void said.push(line) });
    expect({ ...verdict, violations }, said.join("\n")).toEqual({
      tasks: options.schedules * options.seconds,
      missing: 0,
      doubled: 0,
      strange: 0,
      violations: [],
    });
    await rm(folder, { recursive: true, force: true });
  },
);
