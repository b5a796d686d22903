import { isTaskError, type Clock, type Logger, type Random } from "@millrace/models";

/** How one loop bears a store that fails: it waits longer each time, says so seldom, and goes on by itself. */
export interface StoreTrouble {
  /** Takes a failure note; answers how long to wait before the next try, in ms. */
  failed(error: unknown): number;
  /** Takes note that the store answered. */
  answered(): void;
  /** Whether the last call failed. */
  readonly isFailing: boolean;
}

export interface StoreTroubleOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** What the loop does, for the log: "claiming". */
  readonly doing: string;
}

const firstDelayMs = 100;
/** Short enough that a database which takes a moment to begin again, and a claim, still fit into five seconds. */
const longestDelayMs = 2_000;
const logEveryMs = 60_000;

/** Makes the memory of one loop. */
export function createStoreTrouble({ clock, random, logger, doing }: StoreTroubleOptions): StoreTrouble {
  let failures = 0;
  let since = 0;
  let loggedAt: number | null = null;

  return {
    get isFailing() {
      return failures > 0;
    },
    failed(error) {
      const now = clock.monotonic();
      if (failures === 0) since = now;
      failures += 1;
      if (loggedAt === null || now - loggedAt >= logEveryMs) {
        loggedAt = now;
        const code = isTaskError(error) ? error.code : "UNKNOWN";
        logger.warn(`The store fails while ${doing}; trying on.`, { code, failures, error: messageOf(error) });
      }
      const full = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(failures - 1, 10));
      return full / 2 + (full / 2) * random.next();
    },
    answered() {
      if (failures === 0) return;
      const lastedMs = Math.round(clock.monotonic() - since);
      logger.info(`The store answers again while ${doing}.`, { failures, lastedMs });
      failures = 0;
      loggedAt = null;
    },
  };
}

/** A thrown value as one line. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
