import type { Clock, Random, TaskRecord, TaskStore } from "@millrace/models";
import { startTicker, type Ticker } from "../services/ticker.ts";
import type { StoreTrouble } from "./store-trouble.ts";

export interface ExpiryPorts {
  readonly store: Pick<TaskStore, "expire">;
  readonly clock: Clock;
  readonly random: Random;
  readonly trouble: StoreTrouble;
  readonly sweepIntervalMs: number;
  readonly sweepLimit: number;
  /** Hears what the sweep changed, as it now stands. */
  onSwept(tasks: readonly TaskRecord[]): void;
}

/** How many bites one sweep takes at most: the rest waits for the next one. */
const mostBites = 50;

/**
 * Sweeps once: overdue leases, waits, starts and cascades, in bounded bites until nothing is left. Any number of hosts may do so at
 * once.
 */
export async function sweep(ports: ExpiryPorts): Promise<void> {
  for (let bite = 0; bite < mostBites; bite += 1) {
    const swept = await ports.store.expire(ports.sweepLimit);
    ports.trouble.answered();
    if (swept.length > 0) ports.onSwept(swept);
    if (swept.length < ports.sweepLimit) return;
  }
}

/** Starts to sweep about every interval. */
export function startExpiryLoop(ports: ExpiryPorts): Ticker {
  return startTicker({
    clock: ports.clock,
    random: ports.random,
    intervalMs: ports.sweepIntervalMs,
    job: () => sweep(ports),
    onError: (error) => ports.trouble.failed(error),
  });
}
