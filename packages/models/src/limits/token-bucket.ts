import type { RateLimit } from "../contracts/kind.ts";
import type { EpochMs } from "../time/clock.ts";

/**
 * How full the bucket of a `RateLimit` was, and when. A token is counted as `perMs` drops and `count` drops fall in each
 * millisecond, so that everything stays a whole number. Null stands for a bucket that nobody has taken from: it is full.
 */
export interface TokenBucket {
  readonly drops: number;
  readonly at: EpochMs;
}

/** How many whole tokens a bucket has to give by now; without end when there is no rate. */
export function tokensIn(bucket: TokenBucket | null, rate: RateLimit | null, now: EpochMs): number {
  if (rate === null) return Number.POSITIVE_INFINITY;
  return Math.max(0, Math.floor(refilled(bucket, rate, now).drops / rate.perMs));
}

/** In how many ms a bucket has a whole token to give; 0 when it has one, or when there is no rate. */
export function msToToken(bucket: TokenBucket | null, rate: RateLimit | null, now: EpochMs): number {
  if (rate === null) return 0;
  const { drops, at } = refilled(bucket, rate, now);
  const missing = rate.perMs - drops;
  // Where the clock was set back, nothing falls until it has caught up.
  return missing <= 0 ? 0 : Math.ceil(missing / rate.count) + (at - now);
}

/** The bucket after one token was taken, of which `tokensIn` must have told. */
export function withoutToken(bucket: TokenBucket | null, rate: RateLimit, now: EpochMs): TokenBucket {
  const { drops, at } = refilled(bucket, rate, now);
  return { drops: drops - rate.perMs, at };
}

/** The bucket as it is by now. A clock that was set back adds nothing. */
function refilled(bucket: TokenBucket | null, rate: RateLimit, now: EpochMs): TokenBucket {
  const most = (rate.burst ?? rate.count) * rate.perMs;
  if (bucket === null) return { drops: most, at: now };
  const fallen = Math.max(0, now - bucket.at) * rate.count;
  return { drops: Math.min(most, bucket.drops + fallen), at: Math.max(now, bucket.at) };
}
