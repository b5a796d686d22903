import { createManualClock } from "@millrace/models";
import { describe, expect, it } from "vitest";
import { createWakeSignal } from "./wake-signal.ts";

describe("a wake signal", () => {
  it("T35: keeps a wake that came while nobody waited, once", async () => {
    const clock = createManualClock();
    const signal = createWakeSignal(clock);
    signal.wake();
    signal.wake();
    await signal.wait(null);
    let ended = false;
    const second = signal.wait(1_000).then(() => (ended = true));
    await Promise.resolve();
    expect(ended).toBe(false);
    clock.advance(1_000);
    await second;
  });

  it("ends a wait at the wake, without leaving a timer", async () => {
    const clock = createManualClock();
    const signal = createWakeSignal(clock);
    const waited = signal.wait(1_000);
    signal.wake();
    await waited;
    expect(clock.nextTimerInMs()).toBeNull();
  });

  it("ends a wait when the time is up", async () => {
    const clock = createManualClock();
    const signal = createWakeSignal(clock);
    const waited = signal.wait(50);
    clock.advance(50);
    await waited;
  });
});
