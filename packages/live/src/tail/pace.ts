import type { Clock } from "@millrace/models";

/** When a tail looks again. */
export interface Pace {
  /** There may be more; `now`: somebody waits for a look, so do not gather. */
  wake(now?: true): void;
  /** After the time to gather: as soon as it is woken, at the latest when it polls. */
  next(): Promise<void>;
  /** Lets everything else have its turn. */
  turn(): Promise<void>;
  afterFailure(failures: number): Promise<void>;
}

/** What a pace is made of. */
export interface PaceParts {
  readonly clock: Clock;
  readonly gatherMs: number;
  readonly pollIntervalMs: number;
}

const longestRetryMs = 30_000;

/** Makes a pace that has not been woken. */
export function createPace({ clock, gatherMs, pollIntervalMs }: PaceParts): Pace {
  let isWoken = false;
  let isUrgent = false;
  let stir: () => void = () => {};

  /** Waits so long; less when `isEnough` says so at a wake. */
  const wait = async (ms: number, isEnough: () => boolean): Promise<void> => {
    if (isEnough()) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = clock.after(ms, resolve);
    stir = () => {
      if (isEnough()) resolve();
    };
    await promise;
    stir = () => {};
    cancel();
  };
  const settle = (): void => {
    isWoken = false;
    isUrgent = false;
  };

  return {
    wake(now) {
      isWoken = true;
      isUrgent ||= now === true;
      stir();
    },
    async next() {
      if (gatherMs > 0) await wait(gatherMs, () => isUrgent);
      await wait(pollIntervalMs, () => isWoken);
      settle();
    },
    turn: () => nextTurn(clock),
    async afterFailure(failures) {
      await wait(Math.min(longestRetryMs, 100 * 2 ** Math.min(failures, 12)), () => false);
      settle();
    },
  };
}

/** Lets everything else have its turn. */
export function nextTurn(clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    if (clock.nextTurn) clock.nextTurn(resolve);
    else resolve();
  });
}
