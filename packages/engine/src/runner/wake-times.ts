import type { CancelTimer, Clock } from "@millrace/models";

/** How many are remembered: later ones are found by the regular sweeps. */
const mostRemembered = 1_000;

/**
 * When waits that began here end by themselves. The regular sweeps of all hosts would find them, but a handler that sleeps 200 ms
 * should not sleep for a whole interval of sweeps.
 */
export interface WakeTimes {
  add(inMs: number): void;
  stop(): void;
}

/** Makes an empty list; `onDue` is called when one or more have come. */
export function createWakeTimes(clock: Clock, onDue: () => void): WakeTimes {
  /** On the monotonic clock, the earliest last. */
  let times: number[] = [];
  let cancelTimer: CancelTimer | null = null;
  let stopped = false;

  const schedule = (): void => {
    cancelTimer?.();
    const next = times.at(-1);
    cancelTimer = next === undefined ? null : clock.after(Math.max(0, next - clock.monotonic()), fire);
  };

  const fire = (): void => {
    const now = clock.monotonic();
    times = times.filter((time) => time > now);
    schedule();
    onDue();
  };

  return {
    add(inMs) {
      if (stopped) return;
      // A store counts whole milliseconds, from a moment before this one.
      const at = clock.monotonic() + inMs + 1;
      let place = times.length;
      while (place > 0 && (times[place - 1] ?? 0) < at) place -= 1;
      times.splice(place, 0, at);
      if (times.length > mostRemembered) times.shift();
      if (times.at(-1) === at) schedule();
    },
    stop() {
      stopped = true;
      times = [];
      cancelTimer?.();
    },
  };
}
