import type { CancelTimer, Clock, Random } from "@millrace/models";

/** Runs a job again and again. */
export interface Ticker {
  /** Runs it now, or once more right after the run that is under way. */
  poke(): void;
  /** Ends when no run is under way any more. */
  stop(): Promise<void>;
}

export interface TickerOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** From the end of one run to the start of the next, ± 20 %. */
  readonly intervalMs: number;
  readonly job: () => Promise<void>;
  /** Hears of what the job throws; it goes on. Answers when to try again, in ms; `undefined` = as always. */
  readonly onError: (error: unknown) => number | undefined;
  /** Runs the job at once too, not only after the first interval. @defaultValue false */
  readonly atOnce?: boolean;
}

/** How much an interval may differ, so that hosts started together do not work together. */
const jitter = 0.2;

/** Starts a ticker: never twice at once, jittered, and a throw does not end it. */
export function startTicker({ clock, random, intervalMs, job, onError, atOnce = false }: TickerOptions): Ticker {
  let stopped = false;
  let again = false;
  let cancelTimer: CancelTimer | null = null;
  let running: Promise<void> | null = null;

  const run = async (): Promise<void> => {
    let nextMs = intervalMs * (1 - jitter + 2 * jitter * random.next());
    try {
      await job();
    } catch (error) {
      nextMs = onError(error) ?? nextMs;
    }
    running = null;
    if (stopped) return;
    if (again) fire();
    else cancelTimer = clock.after(nextMs, fire);
  };

  const fire = (): void => {
    again = false;
    cancelTimer?.();
    running = run();
  };

  if (atOnce) fire();
  else cancelTimer = clock.after(intervalMs * (1 - jitter + 2 * jitter * random.next()), fire);

  return {
    poke() {
      if (stopped) return;
      if (running) again = true;
      else fire();
    },
    async stop() {
      stopped = true;
      cancelTimer?.();
      await running;
    },
  };
}
