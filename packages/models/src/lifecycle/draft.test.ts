import { expect, it } from "vitest";
import { aTask, startOfTests as now } from "../../test/a-task.ts";
import { attemptRow, draftOf, made, tell } from "./draft.ts";

it("each thing told is one version and one event, in order, and the task given stays as it was", () => {
  const task = Object.freeze(aTask());
  const draft = draftOf(task, now + 1);
  tell(draft, "rescheduled", { priority: 3 });
  tell(draft, "paused", { status: "paused", pausedFrom: "queued", data: "x" });
  const result = made(draft);
  expect(result.events.map(({ type, version, data }) => [type, version, data])).toEqual([
    ["rescheduled", 2, null],
    ["paused", 3, "x"],
  ]);
  expect(result.task).toMatchObject({ version: 3, priority: 3, status: "paused", updatedAt: now + 1 });
  expect(result.task).not.toHaveProperty("data");
  expect(task.version).toBe(1);
});

it("the row of an attempt has the token it ran with", () => {
  const end = { by: "owner", outcome: "retried", as: "queued", failure: null } as const;
  const tokenOf = (over: Parameters<typeof aTask>[0]) => attemptRow(aTask(over), now, end).leaseToken;
  expect(tokenOf({ leaseToken: "t2", lastLeaseToken: "t1" })).toBe("t2");
  expect(tokenOf({ lastLeaseToken: "t1" })).toBe("t1");
  expect(tokenOf({})).toBe("");
});
