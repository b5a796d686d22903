import { createTaskId, isTaskId } from "@millrace/models";
import { describe, expect, it } from "vitest";
import { datasets } from "../datasets/dataset-list.ts";
import { writeAtomically } from "../files/write-atomically.ts";
import { scratchFolder } from "../files/scratch-folder.ts";
import { openRun, type OpenRunRequest } from "./open-run.ts";
import { planRun } from "./plan-run.ts";

const now = Date.UTC(2026, 10, 21, 11, 33, 42);

const requestIn = (folder: string, changes: Partial<OpenRunRequest> = {}): OpenRunRequest => ({
  folder,
  datasets,
  isFresh: false,
  now,
  createId: () => createTaskId(),
  ...changes,
});

describe("opening a run", () => {
  it("begins one with an id for every task", async () => {
    using folder = scratchFolder();
    const { record, isContinued, files } = await openRun(requestIn(folder.path));
    expect(record.runId).toBe("2026-11-21-113342");
    expect(isContinued).toBe(false);
    expect(files.report).toBe(folder.file("2026-11-21-113342/report.html"));
    const ids = [...Object.values(record.taskIds), record.reportTaskId];
    expect(ids.every((id) => isTaskId(id))).toBe(true);
    expect(new Set(ids).size).toBe(datasets.length + 1);
  });

  it("goes on with one that has no report, under the same ids", async () => {
    using folder = scratchFolder();
    const first = await openRun(requestIn(folder.path));
    const second = await openRun(requestIn(folder.path, { now: now + 60_000 }));
    expect(second).toMatchObject({ isContinued: true, record: first.record });
  });

  it("begins anew after a report, when asked, or with other datasets", async () => {
    using folder = scratchFolder();
    const first = await openRun(requestIn(folder.path));
    const fresh = await openRun(requestIn(folder.path, { now: now + 1000, isFresh: true }));
    expect(fresh.record.runId).not.toBe(first.record.runId);
    const fewer = await openRun(requestIn(folder.path, { now: now + 2000, datasets: datasets.slice(1) }));
    expect(fewer.isContinued).toBe(false);
    await writeAtomically(fewer.files.report, "done");
    const next = await openRun(requestIn(folder.path, { now: now + 3000, datasets: datasets.slice(1) }));
    expect(next.isContinued).toBe(false);
  });
});

describe("the plan of a run", () => {
  it("is a task a dataset and a report that waits for all, whatever becomes of them", async () => {
    using folder = scratchFolder();
    const run = await openRun(requestIn(folder.path));
    const plan = planRun({ ...run, datasets });
    expect(plan).toHaveLength(datasets.length + 1);
    const waitFor = datasets.map(({ name }) => ({ taskId: run.record.taskIds[name], onFailure: "continue" }));
    expect(plan.at(-1)?.options).toMatchObject({ id: run.record.reportTaskId, waitFor });
  });

  it("says the same ids and keys when it is made again", async () => {
    using folder = scratchFolder();
    const run = await openRun(requestIn(folder.path));
    expect(JSON.stringify(planRun({ ...run, datasets }))).toBe(JSON.stringify(planRun({ ...run, datasets })));
    const keys = planRun({ ...run, datasets }).map((item) => item.options?.dedupeKey);
    expect(new Set(keys).size).toBe(datasets.length + 1);
  });

  it("gives only the damaged dataset another file than the package's", async () => {
    using folder = scratchFolder();
    const run = await openRun(requestIn(folder.path));
    const inputs = JSON.stringify(planRun({ ...run, datasets }).map((item) => item.input));
    expect(inputs.split(JSON.stringify(run.files.input("jobs.json")))).toHaveLength(2);
  });
});
