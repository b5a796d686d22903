import type { TaskAbortReason, TaskOutcome } from "@millrace/models";
import { describe, expect, it } from "vitest";
import { settlementFor } from "./settlement-for.ts";

const failure = { name: "Error", message: "no" };
const undisturbed = { abortedFor: null, timeoutMs: null };
const after = (abortedFor: TaskAbortReason) => ({ abortedFor, timeoutMs: 500 });
const failed: TaskOutcome = { type: "failed", failure };
const aborted: TaskOutcome = { type: "aborted", why: null, failure: null };
const crashed: TaskOutcome = { type: "crashed", failure, exitCode: null, signal: "SIGKILL" };

describe("what an outcome means", () => {
  it.each([[0], [false], [""], [null], [undefined], [{ a: [1] }]])(
    "T29: %j is a success with that output",
    (output) => {
      expect(settlementFor({ type: "succeeded", output }, undisturbed)).toEqual({ type: "succeed", output });
    },
  );

  it.each(["cancelled", "timeout", "shutdown", "lease-lost"] as const)(
    "success is success, also when it was asked to stop for %s",
    (why) => {
      expect(settlementFor({ type: "succeeded", output: 1 }, after(why))).toMatchObject({ type: "succeed" });
    },
  );

  it("R39: a failure keeps what was thrown, and the wish not to be tried again", () => {
    expect(settlementFor(failed, undisturbed)).toMatchObject({
      type: "fail",
      reason: "TASK_FAILED",
      failure,
      permanent: false,
    });
    expect(settlementFor({ ...failed, permanent: true, reason: "TASK_NO_OUTCOME" }, undisturbed)).toMatchObject({
      reason: "TASK_NO_OUTCOME",
      permanent: true,
    });
    expect(settlementFor({ ...failed, retryAfterMs: 5 }, undisturbed)).toMatchObject({ retryAfterMs: 5 });
  });

  it("T37: a child that was killed is a failure, never a cancellation", () => {
    expect(settlementFor(crashed, undisturbed)).toMatchObject({ type: "fail", reason: "TASK_FAILED" });
  });

  it.each([failed, aborted, crashed])("T11, F20: what ends after its time was up is a time-out: $type", (outcome) => {
    const end = settlementFor(outcome, after("timeout"));
    expect(end).toMatchObject({ type: "fail", reason: "TASK_TIMED_OUT", permanent: false });
    expect(end).toMatchObject({ failure: { message: "The attempt ran longer than 500 ms." } });
  });

  it.each([failed, aborted, crashed])("R32: what ends after a cancel is cancelled: $type", (outcome) => {
    expect(settlementFor(outcome, after("cancelled"))).toMatchObject({ type: "cancelled" });
  });

  it.each([failed, aborted, crashed])(
    "F60: what a shutdown ended is given back and costs nothing: $type",
    (outcome) => {
      expect(settlementFor(outcome, after("shutdown"))).toEqual({ type: "release" });
      expect(settlementFor(outcome, after("lease-lost"))).toEqual({ type: "release" });
    },
  );

  it("T36: an executor that was closed under a running host costs the task a moment, and no failure", () => {
    expect(settlementFor({ ...aborted, why: "shutdown" }, undisturbed)).toEqual({ type: "snooze", delayMs: 1_000 });
    expect(settlementFor({ ...aborted, why: "shutdown" }, after("shutdown"))).toEqual({ type: "release" });
  });

  it("an abort that nobody asked for is a failure of its own", () => {
    expect(settlementFor(aborted, undisturbed)).toMatchObject({ type: "fail", reason: "TASK_ABORTED" });
  });

  it("snoozes and waits go through as they are", () => {
    expect(settlementFor({ type: "snoozed", forMs: 7 }, undisturbed)).toEqual({ type: "snooze", delayMs: 7 });
    const wait = { reason: "sleep", forMs: 5 } as const;
    expect(settlementFor({ type: "suspended", wait, state: 1 }, undisturbed)).toEqual({
      type: "suspend",
      wait,
      state: 1,
    });
  });
});
