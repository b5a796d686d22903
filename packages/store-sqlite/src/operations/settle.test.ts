import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aGroup, aRequest } from "@millrace/conformance";
import type { ClaimedTask, LeasedSettlement, TaskStore } from "@millrace/models";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createSqliteTaskStore } from "../create-sqlite-task-store.ts";

let folder = "";
let store: TaskStore;
let elsewhere: TaskStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-settle-"));
  store = createSqliteTaskStore({ path: join(folder, "tasks.sqlite") });
  elsewhere = createSqliteTaskStore({ path: join(folder, "tasks.sqlite") });
});
afterEach(async () => {
  await Promise.all([store.close(), elsewhere.close()]);
  rmSync(folder, { recursive: true, force: true });
});

const kind = "work";

async function claimed(count: number): Promise<readonly ClaimedTask[]> {
  await store.enqueue(Array.from({ length: count }, () => aGroup(aRequest({ kind }))));
  const kinds = [{ kind, slots: count }];
  const { tasks } = await store.claim({ hostId: "h", kinds, limit: count, leaseMs: 60_000, suspects: "include" });
  expect(tasks).toHaveLength(count);
  return tasks;
}

function success({ task }: ClaimedTask): LeasedSettlement {
  const { id, attempt, leaseToken } = task;
  return {
    taskId: id,
    attempt,
    leaseToken: leaseToken ?? "",
    started: true,
    settlement: { type: "succeed", output: `"${id}"` },
  };
}

it("answers each of many successes by itself when others have changed or taken some of the tasks", async () => {
  const tasks = await claimed(100);
  const [cancelled, taken] = [tasks[7], tasks[70]];
  if (!cancelled || !taken) throw new Error("nothing was claimed");
  await elsewhere.cancel([
    { taskId: cancelled.task.id, mode: "request", reason: null, by: null },
    { taskId: taken.task.id, mode: "terminate", reason: null, by: null },
  ]);
  // Remembered here as it was claimed.
  const answers = await store.settle(tasks.map(success));
  const expected = tasks.map((one) => (one === taken ? "lost" : "held"));
  expect(answers.map(({ status }) => status)).toEqual(expected);
  const { byStatus } = await store.aggregate({});
  expect(byStatus.succeeded.count).toBe(99);
  expect(byStatus.cancelled.count).toBe(1);
});
