import { describe, expect, it } from "vitest";
import { createManualClock } from "./manual-clock.ts";

describe("createManualClock", () => {
  it("stands still until it is told to move", () => {
    const clock = createManualClock(1_000);
    expect([clock.now(), clock.monotonic(), clock.now()]).toEqual([1_000, 0, 1_000]);
    clock.advance(5);
    expect([clock.now(), clock.monotonic()]).toEqual([1_005, 5]);
    expect(new Date(createManualClock().now()).toISOString()).toBe("2026-01-01T00:00:00.000Z");
  });

  it("runs due timers in order of time, then of making, each at its own moment", () => {
    const clock = createManualClock(0);
    const told: string[] = [];
    for (const [name, delay] of Object.entries({ late: 30, a: 10, b: 10, never: 31, past: -5 })) {
      clock.after(delay, () => told.push(`${name}@${clock.now()}`));
    }
    clock.advance(30);
    expect(told).toEqual(["past@0", "a@10", "b@10", "late@30"]);
    expect(clock.nextTimerInMs()).toBe(1);
  });

  it("runs timers that timers make, when they fall due on the way", () => {
    const clock = createManualClock(0);
    const told: number[] = [];
    const again = (): void => {
      told.push(clock.now());
      clock.after(10, again);
    };
    clock.after(10, again);
    clock.advance(35);
    expect(told).toEqual([10, 20, 30]);
  });

  it("takes a timer back, also twice or after it ran", () => {
    const clock = createManualClock(0);
    let ran = 0;
    const cancel = clock.after(1, () => (ran += 1));
    const cancelLate = clock.after(2, () => (ran += 1));
    cancel();
    cancel();
    clock.advance(5);
    cancelLate();
    expect(ran).toBe(1);
    expect(clock.nextTimerInMs()).toBeNull();
  });

  it("steps the wall clock without the timers or the monotonic time noticing", () => {
    const clock = createManualClock(1_000);
    clock.after(10, () => undefined);
    clock.step(-500);
    expect([clock.now(), clock.monotonic(), clock.nextTimerInMs()]).toEqual([500, 0, 10]);
    clock.step(3_600_000);
    expect(clock.now()).toBe(3_600_500);
  });

  it("never goes back by itself: not by a negative advance, not by a timer that advances it", () => {
    const clock = createManualClock(0);
    expect(() => clock.advance(-1)).toThrow(RangeError);
    expect(() => clock.advance(Number.NaN)).toThrow(RangeError);
    clock.after(1, () => clock.advance(50));
    clock.advance(10);
    expect(clock.monotonic()).toBe(51);
  });
});
