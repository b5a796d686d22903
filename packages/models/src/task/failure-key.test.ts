import { expect, it } from "vitest";
import { failureKey } from "./failure-key.ts";

it("a fingerprint and a reason of the same letters are two keys", () => {
  const reason = "TASK_ABORTED";
  expect(failureKey({ failureFingerprint: reason, reason })).toBe("fingerprint:TASK_ABORTED");
  expect(failureKey({ failureFingerprint: null, reason })).toBe("reason:TASK_ABORTED");
  expect(failureKey({ failureFingerprint: null, reason: null })).toBe("reason:");
});
