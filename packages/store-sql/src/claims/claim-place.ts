import type { EpochMs } from "@millrace/models";

/** The place of a task in the order of claims. */
export interface ClaimPlace {
  readonly priority: number;
  /** How many of its group of keys were taken before it; always 0 for a kind without fairness. */
  readonly rank: number;
  readonly scheduledAt: EpochMs;
  readonly id: string;
}

/** Whether one task comes before another: higher priority, then fair rank, the earlier time, and the lower id. */
export function comesBefore(a: ClaimPlace, b: ClaimPlace): boolean {
  if (a.priority !== b.priority) return a.priority > b.priority;
  if (a.rank !== b.rank) return a.rank < b.rank;
  if (a.scheduledAt !== b.scheduledAt) return a.scheduledAt < b.scheduledAt;
  return a.id < b.id;
}
