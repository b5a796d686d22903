import { describe, expect, it } from "vitest";
import { msToToken, type TokenBucket, tokensIn, withoutToken } from "./token-bucket.ts";

const rate = { count: 3, perMs: 1_000 };

function emptied(at: number): TokenBucket {
  let bucket = withoutToken(null, rate, at);
  while (tokensIn(bucket, rate, at) > 0) bucket = withoutToken(bucket, rate, at);
  return bucket;
}

describe("a token bucket", () => {
  it("starts full and gives `count` tokens at once", () => {
    expect(tokensIn(null, rate, 0)).toBe(3);
    expect(tokensIn(withoutToken(null, rate, 0), rate, 0)).toBe(2);
    expect(emptied(0)).toEqual({ drops: 0, at: 0 });
  });

  it("refills evenly: a third of a second is not quite a token, a millisecond more is one", () => {
    const bucket = emptied(0);
    expect(tokensIn(bucket, rate, 333)).toBe(0);
    expect(tokensIn(bucket, rate, 334)).toBe(1);
    expect(tokensIn(bucket, rate, 1_000)).toBe(3);
  });

  it("never holds more than its burst", () => {
    expect(tokensIn(emptied(0), { ...rate, burst: 5 }, 1_000_000)).toBe(5);
    expect(tokensIn(null, { ...rate, burst: 5 }, 0)).toBe(5);
  });

  it("gains nothing from a clock that is set back and forth", () => {
    const bucket = withoutToken(withoutToken(null, rate, 10_000), rate, 4_000);
    expect(bucket).toEqual({ drops: rate.perMs, at: 10_000 });
    expect(tokensIn(bucket, rate, 4_000)).toBe(1);
    expect(tokensIn(bucket, rate, 10_000)).toBe(1);
  });

  it("has nothing to give, and no debt to tell, when more was taken than it had", () => {
    expect(tokensIn(withoutToken(emptied(0), rate, 0), rate, 0)).toBe(0);
  });

  it("says when it has a token again, to the millisecond", () => {
    const bucket = emptied(0);
    const inMs = msToToken(bucket, rate, 0);
    expect(inMs).toBeGreaterThan(0);
    expect(tokensIn(bucket, rate, inMs - 1)).toBe(0);
    expect(tokensIn(bucket, rate, inMs)).toBe(1);
    expect(msToToken(bucket, rate, inMs)).toBe(0);
    expect(msToToken(null, rate, 0)).toBe(0);
    expect(msToToken(null, null, 0)).toBe(0);
  });

  it("gains nothing, and says so, until a clock that was set back has caught up", () => {
    const bucket = emptied(10_000);
    const inMs = msToToken(bucket, rate, 4_000);
    expect(tokensIn(bucket, rate, 4_000 + inMs - 1)).toBe(0);
    expect(tokensIn(bucket, rate, 4_000 + inMs)).toBe(1);
  });

  it("is always open without a rate", () => {
    expect(tokensIn(null, null, 0)).toBe(Number.POSITIVE_INFINITY);
  });
});
