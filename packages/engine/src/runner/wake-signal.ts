import type { CancelTimer, Clock } from "@millrace/models";

/**
 * A hint that there may be something to do. A wake that comes while nobody waits is kept for the next wait, so that none is lost
 * between a look and the wait after it. Hints may come late, twice or never: whoever waits gives a time after which it looks anyway.
 */
export interface WakeSignal {
  wake(): void;
  /** Ends at the next wake, at once when one was kept, or after so long; null = wakes only. */
  wait(timeoutMs: number | null): Promise<void>;
}

/** Makes a signal for one waiter. */
export function createWakeSignal(clock: Clock): WakeSignal {
  let kept = false;
  let release: (() => void) | null = null;

  return {
    wake() {
      if (release) release();
      else kept = true;
    },
    async wait(timeoutMs) {
      if (kept) {
        kept = false;
        return;
      }
      await new Promise<void>((resolve) => {
        let cancelTimer: CancelTimer | null = null;
        const end = (): void => {
          cancelTimer?.();
          release = null;
          resolve();
        };
        if (timeoutMs !== null) cancelTimer = clock.after(timeoutMs, end);
        release = end;
      });
    },
  };
}
