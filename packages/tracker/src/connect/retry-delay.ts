import type { Random } from "@millrace/models";

/** How long until a connection is tried again: longer after each failure, and never quite the same for everybody. */
export function retryDelayMs(failures: number, random: Random): number {
  return Math.min(30_000, 1_000 * 2 ** Math.min(failures, 5)) * (0.5 + random.next() / 2);
}
