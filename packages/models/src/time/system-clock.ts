import type { CancelTimer, Clock } from "./clock.ts";

// The longest delay a runtime timer can hold; anything longer would fire at once, so it is waited for in pieces.
const longestTimerMs = 2 ** 31 - 1;

// What Node.js and Bun give; a browser's timer is a number and keeps nothing alive.
interface Unrefable {
  unref?: () => void;
}

function systemAfter(delayMs: number, run: () => void): CancelTimer {
  let handle: ReturnType<typeof setTimeout>;
  const arm = (leftMs: number): void => {
    const stepMs = Math.min(leftMs, longestTimerMs);
    handle = setTimeout(() => (leftMs > stepMs ? arm(leftMs - stepMs) : run()), stepMs);
    (handle as Unrefable).unref?.();
  };
  arm(Math.max(0, delayMs));
  return () => clearTimeout(handle);
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: systemAfter,
};
