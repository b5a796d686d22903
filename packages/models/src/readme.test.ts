import { expect, it } from "vitest";
import { aTask, startOfTests as now } from "../test/a-task.ts";
import { aNewId, shownReports } from "../test/readme-example.ts";

it("the example of the README runs", () => {
  const tasks = [aTask(), aTask({ kind: "other" }), aTask({ scheduledAt: now + 1, failures: 1 })];
  expect(shownReports(tasks, now)).toEqual(["report.generate queued", "report.generate retrying"]);
  expect(aNewId).toHaveLength(36);
});
