import {
  msToToken,
  TaskError,
  tokensIn,
  withoutToken,
  type Clock,
  type RateLimit,
  type TokenBucket,
} from "@millrace/models";

/** So many users are remembered; the one not heard of for longest is forgotten, and begins with a full bucket again. */
const mostUsers = 10_000;

/** Makes the check of a rate of requests, by user. What it makes throws `REQUEST_TOO_MANY`. */
export function createRequestRate(rate: RateLimit | null, clock: Clock): (user: string) => void {
  const buckets = new Map<string, TokenBucket>();
  return (user) => {
    if (rate === null) return;
    const now = Math.floor(clock.monotonic());
    const bucket = buckets.get(user) ?? null;
    if (tokensIn(bucket, rate, now) < 1) {
      const retryAfterS = Math.max(1, Math.ceil(msToToken(bucket, rate, now) / 1_000));
      throw new TaskError("REQUEST_TOO_MANY", "This user asks too often.", { details: { retryAfterS } });
    }
    buckets.delete(user);
    buckets.set(user, withoutToken(bucket, rate, now));
    const [oldest] = buckets.size > mostUsers ? buckets.keys() : [];
    if (oldest !== undefined) buckets.delete(oldest);
  };
}
