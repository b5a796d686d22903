import type { RateLimit, TokenBucket } from "@millrace/models";

/** The bucket of two columns that are null together. */
export function bucketOf(drops: unknown, at: unknown): TokenBucket | null {
  return typeof drops === "number" && typeof at === "number" ? { drops, at } : null;
}

/** The rate of a column of JSON. */
export function rateOfColumn(column: unknown): RateLimit | null {
  return typeof column === "string" ? Object.freeze(JSON.parse(column) as RateLimit) : null;
}

/** The JSON of a rate. */
export function rateToColumn(rate: RateLimit | null): string | null {
  return rate === null ? null : JSON.stringify(rate);
}
