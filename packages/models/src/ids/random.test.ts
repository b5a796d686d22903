import { describe, expect, it } from "vitest";
import { createSeededRandom, systemRandom } from "./random.ts";
import { isTaskId } from "./task-id.ts";

describe("createSeededRandom", () => {
  it("gives the same sequence for the same seed and another for another", () => {
    const sequence = (seed: number): readonly unknown[] => {
      const random = createSeededRandom(seed);
      return [random.next(), random.uuid(), random.next()];
    };
    expect(sequence(1)).toEqual(sequence(1));
    expect(sequence(1)).not.toEqual(sequence(2));
  });

  it("stays from 0 to below 1 and spreads evenly", () => {
    const random = createSeededRandom(42);
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let draw = 0; draw < 10_000; draw += 1) {
      const value = random.next();
      expect(value >= 0 && value < 1).toBe(true);
      const tenth = Math.floor(value * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    expect(Math.min(...tenths)).toBeGreaterThan(850);
    expect(Math.max(...tenths)).toBeLessThan(1_150);
  });

  it("makes version 4 UUIDs", () => {
    const random = createSeededRandom(7);
    const ids = Array.from({ length: 200 }, () => random.uuid());
    expect(new Set(ids).size).toBe(200);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

it("systemRandom draws from the platform", () => {
  expect(isTaskId(systemRandom.uuid())).toBe(true);
  expect(systemRandom.next()).toBeLessThan(1);
});
