import { describe, expect, it } from "vitest";
import { readPlainFailure } from "../task/create-task-snapshot.ts";
import { anId, aTask } from "../../test/a-task.ts";
import {
  dependencyFailure,
  limitDiffersMessage,
  refusedChildrenSettlement,
  siblingCancelReason,
  silenceReason,
  supersededReason,
} from "./told-texts.ts";

describe("texts that stand in records", () => {
  it("name the tasks and numbers they are about", () => {
    expect(siblingCancelReason(anId(2))).toContain(anId(2));
    expect(supersededReason(anId(2))).toContain(anId(2));
    expect(silenceReason(5_000)).toContain("5000 ms");
    expect(limitDiffersMessage("k", 2, 3)).toMatch(/"k" has the limit 2; the 3 /);
  });

  it("make failures that read as failures", () => {
    const dependency = aTask({ id: anId(2), status: "failed", reason: "TASK_TIMED_OUT" });
    expect(readPlainFailure(dependencyFailure(dependency))).toMatchObject({
      name: "TaskError",
      code: "TASK_DEPENDENCY_FAILED",
      details: { taskId: anId(2), status: "failed", reason: "TASK_TIMED_OUT" },
    });
    expect(refusedChildrenSettlement("KIND_UNKNOWN", "no such kind")).toMatchObject({
      type: "fail",
      permanent: true,
      fingerprint: "KIND_UNKNOWN",
    });
  });
});
