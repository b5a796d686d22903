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

function systemHold(): CancelTimer {
  let handle: ReturnType<typeof setTimeout>;
  const arm = (): void => {
    handle = setTimeout(arm, longestTimerMs);
  };
  arm();
  return () => clearTimeout(handle);
}

/** A zero timer waits a millisecond; Node.js and Bun have a faster way, which browsers lack. */
function systemNextTurn(run: () => void): void {
  const immediate: unknown = Reflect.get(globalThis, "setImmediate");
  if (typeof immediate === "function") Reflect.apply(immediate, undefined, [run]);
  else setTimeout(run, 0);
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: systemAfter,
  hold: systemHold,
  nextTurn: systemNextTurn,
};
