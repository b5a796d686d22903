import { assert, constantFrom, double, integer, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { isTaskError } from "../errors/task-error.ts";
import { createSeededRandom } from "../ids/random.ts";
import { backoffDelayMs, defaultBackoff } from "./backoff-delay.ts";
import { parseBackoff } from "./parse-backoff.ts";

const at = (value: number) => ({ next: () => value });
const most = at(1 - Number.EPSILON);

describe("backoffDelayMs", () => {
  it("R24: doubles from one second to one hour by default, anywhere below with full jitter", () => {
    const delays = [1, 2, 3, 12, 13, 1_000].map((failures) => backoffDelayMs(undefined, failures, most));
    expect(delays).toEqual([1_000, 2_000, 4_000, 2_048_000, 3_600_000, 3_600_000]);
    expect(backoffDelayMs(undefined, 3, at(0.5))).toBe(2_000);
    expect(backoffDelayMs(undefined, 3, at(0))).toBe(0);
  });

  it("R24: spreads by a share up and down, never past the maximum or below the minimum", () => {
    const policy = { type: "exponential", delayMs: 1_000, maxDelayMs: 1_050, jitter: 0.1 } as const;
    expect(backoffDelayMs(policy, 1, at(0))).toBe(900);
    expect(backoffDelayMs(policy, 1, at(0.5))).toBe(1_000);
    expect(backoffDelayMs(policy, 1, most)).toBe(1_050);
    expect(backoffDelayMs({ ...policy, minDelayMs: 1_000 }, 1, at(0))).toBe(1_000);
  });

  it("F14: fixed waits the same each time", () => {
    expect([1, 5].map((failures) => backoffDelayMs({ type: "fixed", delayMs: 250 }, failures, most))).toEqual([
      250, 250,
    ]);
  });

  it("Q13: quadratic grows with the square of the failures, at most five minutes", () => {
    const delays = [1, 2, 3, 12, 13].map((failures) => backoffDelayMs({ type: "quadratic" }, failures, most));
    expect(delays).toEqual([2_000, 8_000, 18_000, 288_000, 300_000]);
    expect(backoffDelayMs({ type: "quadratic", delayMs: 10, maxDelayMs: 35 }, 2, most)).toBe(35);
  });

  it("is a whole number between 0 and the maximum for whatever it is given", () => {
    assert(
      property(
        constantFrom("exponential" as const, "quadratic" as const, "fixed" as const),
        double({ min: 0, max: 1e300 }),
        integer({ min: 0, max: 2_000 }),
        (type, delayMs, failures) => {
          const delay = backoffDelayMs({ type, delayMs }, failures, createSeededRandom(failures));
          expect(Number.isSafeInteger(delay)).toBe(true);
          expect(delay).toBeGreaterThanOrEqual(0);
        },
      ),
    );
    expect(backoffDelayMs({ type: "exponential", delayMs: 0, factor: 1e300 }, 9, most)).toBe(0);
    expect(backoffDelayMs({ type: "fixed", delayMs: -5 }, 1, most)).toBe(0);
  });
});

describe("parseBackoff", () => {
  it("keeps a policy as it is and fills the default for none", () => {
    expect(parseBackoff(undefined, "backoff")).toBe(defaultBackoff);
    expect(parseBackoff({ type: "fixed", delayMs: 5 }, "backoff")).toEqual({ type: "fixed", delayMs: 5 });
    expect(parseBackoff({ type: "quadratic", delayMs: undefined }, "backoff")).toEqual({ type: "quadratic" });
    const full = { type: "exponential", delayMs: 1, factor: 3, maxDelayMs: 9, minDelayMs: 1, jitter: "full" };
    expect(parseBackoff(full, "backoff")).toEqual(full);
  });

  it("R24: takes the short form with its defaults and stays within its two ends", () => {
    expect(parseBackoff({}, "backoff")).toEqual({
      type: "exponential",
      delayMs: 1_000,
      factor: 2,
      maxDelayMs: 60_000,
      minDelayMs: 1_000,
      jitter: 0.1,
    });
    const policy = parseBackoff({ minDelayMs: 100, maxDelayMs: 1_000, factor: 3, jitter: 0.5 }, "backoff");
    expect([1, 2, 3, 4].map((failures) => backoffDelayMs(policy, failures, at(0.5)))).toEqual([100, 300, 900, 1_000]);
    expect(backoffDelayMs(policy, 1, at(0))).toBe(100);
    expect(backoffDelayMs(policy, 4, most)).toBe(1_000);
    expect(parseBackoff({ minDelayMs: 90_000 }, "backoff")).toMatchObject({ maxDelayMs: 90_000 });
    expect(parseBackoff({ jitter: "full" }, "backoff")).toMatchObject({ jitter: "full" });
  });

  it.each<[unknown, string]>([
    [null, "backoff"],
    [5, "backoff"],
    [[], "backoff"],
    [{ type: "linear" }, "backoff.type"],
    [{ type: "range" }, "backoff.type"],
    [{ type: "toString" }, "backoff.type"],
    [{ type: 1 }, "backoff.type"],
    [{ type: "fixed" }, "backoff.delayMs"],
    [{ type: "fixed", delayMs: -1 }, "backoff.delayMs"],
    [{ type: "fixed", delayMs: 1, factor: 2 }, "backoff.factor"],
    [{ type: "exponential", factor: 0.5 }, "backoff.factor"],
    [{ type: "exponential", factor: Number.NaN }, "backoff.factor"],
    [{ type: "exponential", jitter: 1.1 }, "backoff.jitter"],
    [{ type: "exponential", jitter: "half" }, "backoff.jitter"],
    [{ type: "exponential", minDelayMs: 5, maxDelayMs: 4 }, "backoff.maxDelayMs"],
    [{ type: "quadratic", maxDelayMs: "1" }, "backoff.maxDelayMs"],
    [{ minDelayMs: -1 }, "backoff.minDelayMs"],
    [{ minDelay: 1 }, "backoff.minDelay"],
  ])("refuses %j", (backoff, path) => {
    expect(() => parseBackoff(backoff, "backoff")).toThrow(
      expect.toSatisfy((error: unknown) => isTaskError(error, "OPTION_INVALID") && error.details.path === path),
    );
  });
});
