import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "./system-clock.ts";

describe("systemClock", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("tells the time of this machine", () => {
    vi.setSystemTime(1_234);
    expect(systemClock.now()).toBe(1_234);
    const before = systemClock.monotonic();
    vi.advanceTimersByTime(5);
    expect(systemClock.monotonic() - before).toBe(5);
  });

  it("runs a timer once, when it is due and no sooner", () => {
    const run = vi.fn<() => void>();
    systemClock.after(10, run);
    vi.advanceTimersByTime(9);
    expect(run).not.toHaveBeenCalled();
    vi.advanceTimersByTime(100);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it("waits longer than a runtime's timer can hold, where the runtime would fire at once", () => {
    const run = vi.fn<() => void>();
    const days = 24 * 3_600_000;
    systemClock.after(60 * days, run);
    vi.advanceTimersByTime(60 * days - 1);
    expect(run).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it("takes a timer back, in its first piece and in a later one, and twice", () => {
    const run = vi.fn<() => void>();
    const cancel = systemClock.after(10, run);
    const cancelLong = systemClock.after(3 * 2 ** 31, run);
    vi.advanceTimersByTime(5);
    cancel();
    cancel();
    vi.advanceTimersByTime(2 ** 31);
    cancelLong();
    vi.advanceTimersByTime(4 * 2 ** 31);
    expect(run).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("takes a delay of the past as now", () => {
    const run = vi.fn<() => void>();
    systemClock.after(-100, run);
    vi.advanceTimersByTime(0);
    expect(run).toHaveBeenCalledTimes(1);
  });
});

describe("systemClock's timers", () => {
  it("do not keep the process alive", () => {
    const unref = vi.fn<() => void>();
    vi.stubGlobal("setTimeout", () => ({ unref }));
    systemClock.after(1, () => undefined);
    expect(unref).toHaveBeenCalledTimes(1);
    // A browser's timer is a number.
    vi.stubGlobal("setTimeout", () => 7);
    expect(() => systemClock.after(1, () => undefined)).not.toThrow();
    vi.unstubAllGlobals();
  });
});
