import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jitterOf } from "../schedule-policy.ts";
import type { ScheduleTimes } from "../times/schedule-times.ts";
import { mostMadeUp, planStep, type StepScene } from "./plan-step.ts";

const seconds: ScheduleTimes = {
  zone: "UTC",
  rules: [{ type: "interval", everyMs: 1_000, firstAt: null }],
  startAt: null,
  endAt: null,
};

const aScene = (change: Partial<StepScene> = {}): StepScene => ({
  times: seconds,
  catchUp: "all",
  anchorAt: 0,
  placeAt: 0,
  isPaused: false,
  skipUntil: null,
  now: 10_000,
  graceMs: 60_000,
  ...change,
});

/** Steps until nothing is due; how many came out how. */
function stepped(scene: StepScene): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  let placeAt = scene.placeAt;
  for (;;) {
    const step = planStep({ ...scene, placeAt });
    expect(step.placeAt).toBeGreaterThanOrEqual(placeAt);
    for (const one of step.occurrences) {
      const count = one.type === "pass" ? one.count : 1;
      const name = one.type === "pass" ? `${one.outcome} ${one.reason}` : one.outcome;
      counts[name] = (counts[name] ?? 0) + count;
    }
    placeAt = step.placeAt;
    if (step.lookAt === null || step.lookAt > scene.now) return counts;
    expect(step.occurrences.length).toBeLessThanOrEqual(1_101);
  }
}

describe("a step", () => {
  it("T52: settles every occurrence once, whatever has passed and in however many steps", () => {
    const sizes = fc.record({
      behind: fc.integer({ min: 0, max: 5_000 }),
      graceMs: fc.constantFrom(1_000, 60_000, 3_000_000),
      catchUp: fc.constantFrom("skip", "latest", "all"),
      skipped: fc.integer({ min: 0, max: 3_000 }),
      isPaused: fc.boolean(),
    });
    fc.assert(
      fc.property(sizes, ({ behind, graceMs, catchUp, skipped, isPaused }) => {
        const now = behind * 1_000 + 500;
        const counts = stepped(aScene({ now, graceMs, catchUp, isPaused, skipUntil: skipped * 1_000 }));
        const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
        expect(all).toBe(behind);
        expect(counts["skipped paused"] ?? 0).toBe(isPaused ? behind : 0);
        if (isPaused) return;
        expect(counts["skipped asked"] ?? 0).toBe(Math.min(skipped, behind));
        const wanted = Math.max(0, behind - skipped);
        // The newest stands half a second back, the others whole seconds behind it.
        const inTime = Math.min(wanted, Math.floor((graceMs - 500) / 1_000) + 1);
        expect(counts["enqueued"] ?? 0).toBe(inTime);
        const late = wanted - inTime;
        const made = {
          skip: 0,
          latest: inTime > 0 ? 0 : Math.min(1, late),
          all: Math.min(late, mostMadeUp),
        };
        expect(counts["late"] ?? 0).toBe(made[catchUp]);
        expect(counts["missed catch-up"] ?? 0).toBe(late - made[catchUp]);
      }),
      { numRuns: 60 },
    );
  });

  it("is thought over once a day, so that new rules of its zone take hold", () => {
    const yearly: ScheduleTimes = { ...seconds, rules: [{ type: "cron", expression: "0 0 1 6 *" }] };
    const step = planStep(aScene({ times: yearly, now: 1_000 }));
    expect(step.lookAt).toBe(1_000 + 86_400_000);
    expect(step.nextAt).toBe(Date.UTC(1970, 5, 1));
  });
});

describe("jitter", () => {
  it("is the same on every host, within its bound, and spread over occurrences", () => {
    const drawn = Array.from({ length: 1_000 }, (_, n) => jitterOf("nightly", n * 60_000, 999));
    expect(drawn).toEqual(Array.from({ length: 1_000 }, (_, n) => jitterOf("nightly", n * 60_000, 999)));
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(999);
    const quarters = [0, 1, 2, 3].map((quarter) => drawn.filter((ms) => Math.floor(ms / 250) === quarter).length);
    for (const count of quarters) expect(count).toBeGreaterThan(180);
    expect(jitterOf("nightly", 5, 0)).toBe(0);
  });
});
