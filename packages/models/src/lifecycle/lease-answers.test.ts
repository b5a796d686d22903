import { describe, expect, it } from "vitest";
import { aTask } from "../../test/a-task.ts";
import { heldAnswer, lostAnswer, replayedAnswer, settledAnswer } from "./lease-answers.ts";

const after = { version: 9, removed: false };

describe("the answer to an owner", () => {
  it("whose lease holds tells the version, and whether somebody wants the task to stop", () => {
    expect(heldAnswer({ version: 4, cancelRequestedAt: null })).toEqual({ status: "held", version: 4 });
    expect(heldAnswer({ version: 4, cancelRequestedAt: 7 })).toEqual({ status: "cancel-requested", version: 4 });
  });

  it("whose lease is lost says why, in the three words that owners know", () => {
    const why = (["stale-lease", "not-found", "wrong-status", "final", "expired"] as const).map(
      (word) => lostAnswer({ type: "refused", why: word }).why,
    );
    expect(why).toEqual(["stale-lease", "not-found", "wrong-status", "wrong-status", "wrong-status"]);
    expect(lostAnswer({ type: "replayed", next: "succeeded" }).why).toBe("stale-lease");
  });

  it("who has settled tells where that led", () => {
    const done = aTask({ status: "succeeded", lastEndedAs: null });
    expect(settledAnswer(done, after)).toEqual({ status: "held", version: 9, next: "succeeded" });
    const gone = settledAnswer(done, { version: 9, removed: true });
    expect(gone).toEqual({ status: "held", version: 9, next: "succeeded", removed: true });
  });

  it("who has settled tells when a task that is queued again falls due", () => {
    const again = aTask({ status: "queued", lastEndedAs: null, scheduledAt: 70 });
    expect(settledAnswer(again, after)).toEqual({ status: "held", version: 9, next: "queued", scheduledAt: 70 });
  });

  it("who has settled before tells where that had led", () => {
    const answer = { status: "held", version: 3, replayed: true, next: "failed" };
    expect(replayedAnswer({ version: 3 }, "failed")).toEqual(answer);
  });
});
