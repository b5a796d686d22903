import { describe, expect, it } from "vitest";
import { toTaskFailure } from "../task/to-task-failure.ts";
import { isPermanentError, PermanentError } from "./permanent-error.ts";
import { RetryLaterError, retryLaterMs } from "./retry-later-error.ts";
import { SnoozeError, snoozeMs } from "./snooze-error.ts";
import { isTaskError } from "./task-error.ts";

const hostile = {
  get name(): string {
    throw new Error("no");
  },
};

describe("control errors of handlers", () => {
  it("carry message, cause, code and details", () => {
    const cause = new Error("why");
    expect(new PermanentError("no", { cause, code: "E", details: { a: 1 } })).toMatchObject({
      name: "PermanentError",
      message: "no",
      cause,
      code: "E",
      details: { a: 1 },
    });
    expect(new RetryLaterError(5, "soon", { cause, code: "E", details: { a: 1 } })).toMatchObject({
      message: "soon",
      afterMs: 5,
      cause,
      code: "E",
      details: { a: 1, afterMs: 5 },
    });
    expect(new RetryLaterError(5).message).toBe("try again in 5 ms");
    expect(new SnoozeError(7).message).toBe("snoozed for 7 ms");
    expect("cause" in new PermanentError("no")).toBe(false);
  });

  it("are recognised as themselves, as subclasses and as failures that crossed a process border", () => {
    class CardDeclined extends PermanentError {
      override readonly name = "CardDeclined";
    }
    class RateLimited extends RetryLaterError {
      override readonly name = "RateLimited";
    }
    expect(isPermanentError(new PermanentError("no"))).toBe(true);
    expect(isPermanentError(new CardDeclined("no"))).toBe(true);
    expect(isPermanentError(toTaskFailure(new PermanentError("no")))).toBe(true);
    expect(retryLaterMs(new RetryLaterError(5))).toBe(5);
    expect(retryLaterMs(new RateLimited(6))).toBe(6);
    expect(retryLaterMs(structuredClone(toTaskFailure(new RetryLaterError(5))))).toBe(5);
    expect(snoozeMs(new SnoozeError(9))).toBe(9);
    expect(snoozeMs(toTaskFailure(new SnoozeError(9)))).toBe(9);
  });

  it("survive a class whose prototype is odd", () => {
    class Odd extends SnoozeError {
      override readonly name = "Odd";
    }
    Object.defineProperty(Odd.prototype, "constructor", { value: 5 });
    expect(snoozeMs(new Odd(4))).toBe(4);
  });

  it("of another copy of the package are recognised by what they carry", () => {
    class OtherCopy extends Error {
      override readonly name = "SnoozeError";
      readonly forMs = 3;
    }
    expect(snoozeMs(new OtherCopy())).toBe(3);
  });

  it.each([
    null,
    "PermanentError",
    1,
    {},
    new Error("x"),
    hostile,
    { name: "RetryLaterError" },
    { name: "SnoozeError", forMs: -1 },
  ])("are not seen in case %#", (value) => {
    expect(isPermanentError(value)).toBe(false);
    expect(retryLaterMs(value)).toBeNull();
    expect(snoozeMs(value)).toBeNull();
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 1e15])("refuse a delay of %d ms", (delayMs) => {
    for (const make of [() => new RetryLaterError(delayMs), () => new SnoozeError(delayMs)]) {
      expect(make).toThrow(expect.toSatisfy((error: unknown) => isTaskError(error, "OPTION_INVALID")));
    }
  });
});
