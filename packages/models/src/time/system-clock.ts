import type { CancelTimer, Clock } from "./clock.ts";

// The longest delay a runtime timer can hold; anything longer would fire at once, so it is waited for in pieces.
const longestTimerMs = 2 ** 31 - 1;

interface TimerHandle {
  unref?: () => void;
}

function systemAfter(delayMs: number, run: () => void): CancelTimer {
  let handle: TimerHandle | null = null;
  const arm = (leftMs: number): void => {
    const stepMs = Math.min(leftMs, longestTimerMs);
    handle = setTimeout(() => (leftMs > stepMs ? arm(leftMs - stepMs) : run()), stepMs) as TimerHandle;
    handle.unref?.();
  };
  arm(Math.max(0, delayMs));
  return () => {
    if (handle) clearTimeout(handle);
    handle = null;
  };
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: systemAfter,
};
