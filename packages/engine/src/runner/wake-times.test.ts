import { createManualClock } from "@millrace/models";
import { describe, expect, it } from "vitest";
import { createWakeTimes } from "./wake-times.ts";

describe("wake times", () => {
  it("come in their order, once for all that fall together", () => {
    const clock = createManualClock();
    const due: number[] = [];
    const times = createWakeTimes(clock, () => due.push(clock.monotonic()));
    times.add(500);
    times.add(200);
    times.add(200);
    times.add(300);
    clock.advance(1_000);
    expect(due).toEqual([201, 301, 501]);
    expect(clock.nextTimerInMs()).toBeNull();
  });

  it("remember the nearest when there are too many", () => {
    const clock = createManualClock();
    let due = 0;
    const times = createWakeTimes(clock, () => (due += 1));
    for (let inMs = 2_000; inMs >= 1; inMs -= 1) times.add(inMs);
    clock.advance(5_000);
    expect(due).toBe(1_000);
  });

  it("leave no timer behind when stopped", () => {
    const clock = createManualClock();
    let due = 0;
    const times = createWakeTimes(clock, () => (due += 1));
    times.add(10);
    times.stop();
    times.add(5);
    clock.advance(100);
    expect([due, clock.nextTimerInMs()]).toEqual([0, null]);
  });
});
