import { describe, expect, it } from "vitest";
import { after, aPause, aSettle, taskIn } from "../../test/made-by-moves.ts";
import { beforeFirstStage, currentWait, isActedOn, releaseMove } from "./dependency-wait.ts";

const wait = { reason: "children", children: [], onFailure: "fail", timeoutMs: null } as const;
const suspended = after(taskIn.running, aSettle({ type: "suspend", wait, state: null }, { openDependencies: 1 }));

describe("a wait for other tasks", () => {
  it("given at enqueue comes before the first stage; one for children is of the task's stage", () => {
    expect(currentWait(taskIn.blocked)).toBe(beforeFirstStage);
    expect(currentWait(suspended)).toBe(suspended.stage);
  });

  it("is seen through a pause", () => {
    expect(currentWait(after(taskIn.blocked, aPause))).toBe(beforeFirstStage);
  });

  it("is not what a task is in that waits for a signal, or for nothing", () => {
    expect(currentWait(taskIn.suspended)).toBeNull();
    expect(currentWait(taskIn.running)).toBeNull();
  });

  it("ends by a move of its own reason", () => {
    const move = { type: "wake", payload: null } as const;
    expect(releaseMove(taskIn.blocked, false)).toEqual({ ...move, reason: "dependencies", aborted: false });
    expect(releaseMove(suspended, true)).toEqual({ ...move, reason: "children", aborted: true });
  });

  it("takes notice of an end other than success, unless it goes on whatever happens", () => {
    expect(isActedOn({ status: "failed" }, "fail")).toBe(true);
    expect(isActedOn({ status: "cancelled" }, "abort")).toBe(true);
    expect(isActedOn({ status: "failed" }, "continue")).toBe(false);
    expect(isActedOn({ status: "succeeded" }, "fail")).toBe(false);
  });
});
