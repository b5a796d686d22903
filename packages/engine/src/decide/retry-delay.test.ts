import { type RetryResolver } from "@millrace/models";
import { describe, expect, it } from "vitest";
import { retryDelay, type FailedAttempt } from "./retry-delay.ts";

const now = Date.UTC(2026, 0, 1);

function aFailure(fields: Partial<FailedAttempt> = {}): FailedAttempt {
  return {
    about: {
      taskId: "t",
      kind: "k",
      failure: { name: "Error", message: "no" },
      attempt: 1,
      failures: 1,
      maxAttempts: 3,
    },
    taskRetry: {},
    kindRetry: undefined,
    hostBackoff: undefined,
    askedDelayMs: undefined,
    now,
    random: { next: () => 0.5 },
    ...fields,
  };
}

const never = (error: unknown): never => {
  throw error;
};
const fixed = (delayMs: number) => ({ type: "fixed", delayMs }) as const;
const resolved = (answer: ReturnType<RetryResolver>) =>
  retryDelay(aFailure({ kindRetry: { backoff: () => answer } }), never);

describe("when the next attempt comes", () => {
  it("R24: by default after 1 s doubled each time, full jitter, at most an hour", () => {
    const about = (failures: number) => ({ ...aFailure().about, failures });
    expect(retryDelay(aFailure({ about: about(1) }), never)).toEqual({ retry: true, delayMs: 500 });
    expect(retryDelay(aFailure({ about: about(4) }), never)).toEqual({ retry: true, delayMs: 4_000 });
    expect(retryDelay(aFailure({ about: about(40) }), never)).toEqual({ retry: true, delayMs: 1_800_000 });
  });

  it("F2: the task's policy wins over the kind's, the kind's over the host's", () => {
    const all = { taskRetry: { backoff: fixed(1) }, kindRetry: { backoff: fixed(2) }, hostBackoff: fixed(3) };
    expect(retryDelay(aFailure(all), never)).toEqual({ retry: true, delayMs: 1 });
    expect(retryDelay(aFailure({ ...all, taskRetry: {} }), never)).toEqual({ retry: true, delayMs: 2 });
    expect(retryDelay(aFailure({ hostBackoff: fixed(3) }), never)).toEqual({ retry: true, delayMs: 3 });
  });

  it("R24: takes the short form of a policy", () => {
    const kindRetry = { backoff: { minDelayMs: 100, maxDelayMs: 300, factor: 2, jitter: 0 } };
    const about = (failures: number) => ({ ...aFailure().about, failures });
    expect(retryDelay(aFailure({ kindRetry, about: about(2) }), never)).toEqual({ retry: true, delayMs: 200 });
    expect(retryDelay(aFailure({ kindRetry, about: about(9) }), never)).toEqual({ retry: true, delayMs: 300 });
  });

  it("Q13: quadratic, at most five minutes", () => {
    const taskRetry = { backoff: { type: "quadratic" } as const };
    const about = (failures: number) => ({ ...aFailure().about, failures });
    expect(retryDelay(aFailure({ taskRetry, about: about(3) }), never)).toEqual({ retry: true, delayMs: 18_000 });
    expect(retryDelay(aFailure({ taskRetry, about: about(99) }), never)).toEqual({ retry: true, delayMs: 300_000 });
  });

  it("what a RetryLaterError asked for wins over everything", () => {
    const asked = aFailure({ askedDelayMs: 7, taskRetry: { backoff: fixed(1) }, kindRetry: { backoff: () => null } });
    expect(retryDelay(asked, never)).toEqual({ retry: true, delayMs: 7 });
  });

  it.each([
    ["a time in ms", now + 5_000],
    ["a Date", new Date(now + 5_000)],
    ["ISO text", new Date(now + 5_000).toISOString()],
    ["an object with a time", { retry: true, scheduledAt: new Date(now + 5_000) }],
    ["an object with a delay", { retry: true, delayMs: 5_000 }],
  ])("R25: a function that answers %s retries then", (_name, answer) => {
    expect(resolved(answer)).toEqual({ retry: true, delayMs: 5_000 });
  });

  it.each<[ReturnType<RetryResolver>]>([[null], [false], [{ retry: false }], [{ retry: false, delayMs: 1 }]])(
    "R25: a function that answers %j gives the task up",
    (answer) => {
      expect(resolved(answer)).toEqual({ retry: false });
    },
  );

  it("R25: a function that says only that, leaves the delay to the host; a time that has passed means now", () => {
    const kindRetry = { backoff: () => ({ retry: true }) };
    expect(retryDelay(aFailure({ kindRetry, hostBackoff: fixed(9) }), never)).toEqual({ retry: true, delayMs: 9 });
    expect(resolved(now - 1_000)).toEqual({ retry: true, delayMs: 0 });
  });

  it("R25: a function gets the failure, its count and the limit", () => {
    let seen: unknown = null;
    const kindRetry = { backoff: ((about) => ((seen = about), null)) satisfies RetryResolver };
    retryDelay(aFailure({ kindRetry }), never);
    expect(seen).toEqual(aFailure().about);
  });

  it.each([
    ["throws", () => never(new Error("resolver"))],
    ["answers nonsense", () => "not a date"],
    ["answers NaN", () => Number.NaN],
  ])("a function that %s is told, and the host's back-off is used", (_name, backoff) => {
    const told: unknown[] = [];
    const decision = retryDelay(aFailure({ kindRetry: { backoff }, hostBackoff: fixed(5) }), (error) =>
      told.push(error),
    );
    expect(decision).toEqual({ retry: true, delayMs: 5 });
    expect(told).toHaveLength(1);
  });
});
