import { describe, expect, it } from "vitest";
import { hasToken, refilled, type TokenBucket, withoutToken } from "./token-bucket.ts";

const rate = { count: 3, perMs: 1_000 };

function emptied(at: number): TokenBucket {
  let bucket: TokenBucket | null = null;
  while (hasToken(bucket, rate, at)) bucket = withoutToken(bucket, rate, at);
  return refilled(bucket, rate, at);
}

describe("a token bucket", () => {
  it("starts full and gives `count` tokens at once", () => {
    expect(emptied(0).drops).toBe(0);
    expect(refilled(null, rate, 0).drops).toBe(3 * rate.perMs);
  });

  it("refills evenly: a third of a second is not quite a token, a millisecond more is one", () => {
    const bucket = emptied(0);
    expect(hasToken(bucket, rate, 333)).toBe(false);
    expect(hasToken(bucket, rate, 334)).toBe(true);
  });

  it("never holds more than its burst", () => {
    const long = refilled(emptied(0), { ...rate, burst: 5 }, 1_000_000);
    expect(long.drops).toBe(5 * rate.perMs);
  });

  it("gains nothing from a clock that is set back and forth", () => {
    const bucket = refilled(emptied(10_000), rate, 4_000);
    expect(bucket.drops).toBe(0);
    expect(hasToken(bucket, rate, 10_000)).toBe(false);
  });

  it("is always open without a rate", () => {
    expect(hasToken(null, null, 0)).toBe(true);
  });
});
