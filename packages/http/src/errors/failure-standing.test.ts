import type { FailureMark } from "@millrace/models";
import { describe, expect, it } from "vitest";
import { failureStanding } from "./failure-standing.ts";

const said = { key: "fingerprint:a", at: 1_000, by: "ann", note: null } as const;
const resolved: FailureMark = { ...said, state: "resolved" };
const ignored = (untilCount: number | null): FailureMark => ({ ...said, state: "ignored", untilCount });

describe("failures that are alike", () => {
  it("are open as long as nobody has said anything of them", () => {
    expect(failureStanding(null, 9)).toEqual({ state: "open", reopened: null, mark: null, failedSince: null });
  });

  it.each([
    [resolved, 0, "resolved", null],
    [resolved, 1, "open", "regressed"],
    [ignored(10), 0, "ignored", null],
    [ignored(10), 9, "ignored", null],
    [ignored(10), 10, "open", "count-reached"],
    [ignored(1), 1, "open", "count-reached"],
    [ignored(null), 1_000_000, "ignored", null],
  ] as const)("marked %j, with %i failures since, are %s, because of %s", (...row) => {
    const [mark, since, state, reopened] = row;
    expect(failureStanding(mark, since)).toEqual({ state, reopened, mark, failedSince: since });
  });
});
