import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { lastTick, subscribe } from "./use-now.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("shows the time as it is when somebody begins to look, and then moves once a second", () => {
  subscribe(() => {})();
  vi.advanceTimersByTime(5_000);
  const heard = vi.fn<() => void>();
  const leave = subscribe(heard);
  expect(lastTick()).toBe(Date.now());
  vi.advanceTimersByTime(2_000);
  expect(heard).toHaveBeenCalledTimes(2);
  expect(lastTick()).toBe(Date.now());
  leave();
  expect(vi.getTimerCount()).toBe(0);
});
