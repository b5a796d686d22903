import type { EpochMs, RateLimit } from "@millrace/models";

/**
 * How full a bucket was, and when. A token is counted as `perMs` drops and `count` drops fall in each millisecond, so that
 * everything stays a whole number.
 */
export interface TokenBucket {
  readonly drops: number;
  readonly at: EpochMs;
}

/** The bucket as it is by now; a new one is full. A clock that was set back adds nothing. */
export function refilled(bucket: TokenBucket | null, rate: RateLimit, now: EpochMs): TokenBucket {
  const most = (rate.burst ?? rate.count) * rate.perMs;
  if (bucket === null) return { drops: most, at: now };
  const fallen = Math.max(0, now - bucket.at) * rate.count;
  return { drops: Math.min(most, bucket.drops + fallen), at: Math.max(now, bucket.at) };
}

/** Whether a bucket has a token to give. No rate, no bucket: always. */
export function hasToken(bucket: TokenBucket | null, rate: RateLimit | null, now: EpochMs): boolean {
  return rate === null || refilled(bucket, rate, now).drops >= rate.perMs;
}

/** The bucket after one token was taken. */
export function withoutToken(bucket: TokenBucket | null, rate: RateLimit, now: EpochMs): TokenBucket {
  const full = refilled(bucket, rate, now);
  return { drops: full.drops - rate.perMs, at: full.at };
}

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
