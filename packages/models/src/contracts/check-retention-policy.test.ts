import { describe, expect, it } from "vitest";
import { checkRetentionPolicy } from "./check-retention-policy.ts";
import type { TaskRetentionPolicy } from "./retention.ts";

describe("checkRetentionPolicy", () => {
  it("lets a policy through, with fields that are off", () => {
    const policy = { successTtlMs: 0, failedTtlMs: null, stepLimitPerTask: 200 };
    expect(checkRetentionPolicy(policy)).toBe(policy);
  });

  it.each([
    [{ succesTtlMs: 5 }, "retentionPolicy.succesTtlMs"],
    [{ successTtlMs: -1 }, "retentionPolicy.successTtlMs"],
    [{ keepLatestFailuresPerKind: 1.5 }, "retentionPolicy.keepLatestFailuresPerKind"],
    [{ journalKeepMs: "1d" }, "retentionPolicy.journalKeepMs"],
  ])("T47: refuses %j and names the field", (policy, path) => {
    const refused = (): unknown => checkRetentionPolicy(policy as TaskRetentionPolicy);
    expect(refused).toThrow(
      expect.objectContaining({ code: "OPTION_INVALID", details: expect.objectContaining({ path }) }),
    );
  });
});
