import type { CancelTimer, Clock, EpochMs } from "./clock.ts";

/** A clock that stands still until it is told to move: the only clock that tests use. */
export interface ManualClock extends Clock {
  /** Moves time forward and runs, in order, every timer that falls due on the way. */
  advance(byMs: number): void;
  /** Steps the wall clock only (an operator or NTP did it); timers and `monotonic` do not notice. */
  step(byMs: number): void;
  /** When the next timer is due, in ms from now; null when none is waiting. */
  nextTimerInMs(): number | null;
}

interface PendingTimer {
  readonly dueAt: number;
  readonly order: number;
  readonly run: () => void;
}

/** Makes a clock that stands at `startAt`. @defaultValue 2026-01-01T00:00:00Z */
export function createManualClock(startAt: EpochMs = 1_767_225_600_000): ManualClock {
  let elapsedMs = 0;
  let wallOffset = startAt;
  let order = 0;
  const timers = new Set<PendingTimer>();

  const nextTimer = (): PendingTimer | null => {
    let first: PendingTimer | null = null;
    for (const timer of timers) {
      if (!first || timer.dueAt < first.dueAt || (timer.dueAt === first.dueAt && timer.order < first.order)) {
        first = timer;
      }
    }
    return first;
  };

  const after = (delayMs: number, run: () => void): CancelTimer => {
    const timer: PendingTimer = { dueAt: elapsedMs + Math.max(0, delayMs), order: order++, run };
    timers.add(timer);
    return () => void timers.delete(timer);
  };

  return {
    now: () => wallOffset + elapsedMs,
    monotonic: () => elapsedMs,
    after,
    advance(byMs) {
      if (!(byMs >= 0))
        throw new RangeError(`A clock advances by 0 ms or more, got ${byMs}; use step() to set it back.`);
      const target = elapsedMs + byMs;
      for (let timer = nextTimer(); timer && timer.dueAt <= target; timer = nextTimer()) {
        timers.delete(timer);
        elapsedMs = Math.max(elapsedMs, timer.dueAt);
        timer.run();
      }
      // A timer may have advanced the clock itself.
      elapsedMs = Math.max(elapsedMs, target);
    },
    step(byMs) {
      wallOffset += byMs;
    },
    nextTimerInMs() {
      const timer = nextTimer();
      return timer ? Math.max(0, timer.dueAt - elapsedMs) : null;
    },
  };
}
