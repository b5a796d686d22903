import { expect, it } from "vitest";
import { daysOf, policyText, previewQuery, previewText } from "./retention-words.ts";

const dayMs = 86_400_000;
const policy = { successTtlMs: 7 * dayMs, failedTtlMs: 30 * dayMs, keepLatestFailuresPerKind: 100 };
const none = { succeeded: 0, failed: 0, cancelled: 0, exact: true };

it("says what a policy keeps", () => {
  expect(policyText({ ...policy, stepLimitPerTask: 50 })).toBe(
    "succeeded 7d, failed 30d and at most 100 a kind, cancelled for ever, at most 50 steps a task",
  );
  expect(policyText({ cancelledTtlMs: 5_400_000, keepLatestSuccessesPerKind: 1, failedTtlMs: null })).toBe(
    "succeeded at most 1 a kind, failed for ever, cancelled 1h 30m",
  );
});

it("asks for a policy with other days; what has no field stays as it is", () => {
  const days = (typed: Readonly<Record<string, string>>) => ({ get: (name: string) => typed[name] ?? "" });
  const query = previewQuery(policy, days({ successTtlMs: "0.5", failedTtlMs: "0" }));
  expect(query).toEqual({
    successTtlMs: 43_200_000,
    failedTtlMs: 0,
    cancelledTtlMs: "",
    keepLatestSuccessesPerKind: "",
    keepLatestFailuresPerKind: 100,
  });
  expect([daysOf(7 * dayMs), daysOf(3_600_000), daysOf(0), daysOf(null)]).toEqual([7, 0.0417, 0, ""]);
});

it("says what a sweep would remove, and its share of the store where that is known", () => {
  const all = { count: 1_000_000, exact: true };
  const counts = { ...none, succeeded: 800, failed: 200 };
  expect(previewText(none, all, 1e9)).toBe("Nothing would be removed.");
  expect(previewText(counts, all, 250_000_000)).toBe(
    "Would remove 1,000 tasks now, about 250 kB: 800 succeeded, 200 failed.",
  );
  const plain = "Would remove 1,000 tasks now: 800 succeeded, 200 failed.";
  expect(previewText(counts, all, null)).toBe(plain);
  expect(previewText(counts, undefined, 1e9)).toBe(plain);
  expect(previewText(counts, { count: 10_000, exact: false }, 1e9)).toBe(plain);
  const most = { ...none, succeeded: 100_000, exact: false };
  expect(previewText(most, all, 1e9)).toBe("Would remove at least 100,000 tasks now: 100,000 succeeded.");
  expect(previewText({ ...none, cancelled: 1 }, all, null)).toBe("Would remove 1 task now: 1 cancelled.");
});
