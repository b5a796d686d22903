import { aGroup, leaseOf } from "@millrace/conformance";
import { createTaskId, type Settlement, type TaskId, type TaskStore } from "@millrace/models";
import { expect, it } from "vitest";
import { tableNames } from "../connection/table-names.ts";
import { restingTasks } from "../row/resting-row.ts";
import { openStores } from "../testing/stores.ts";

const done: Settlement = { type: "succeed", output: "null" };

/** So many tasks that one statement has ended. */
async function endTogether(store: TaskStore, count: number): Promise<readonly TaskId[]> {
  const ids = Array.from({ length: count }, () => createTaskId());
  await store.enqueue(ids.map((id) => aGroup({ id, kind: "work", mustKnowKind: false })));
  const kinds = [{ kind: "work", slots: count }];
  const { tasks } = await store.claim({ kinds, limit: count, leaseMs: 60_000, hostId: "host-1", suspects: "include" });
  await store.settle(tasks.map(({ task }) => ({ ...leaseOf(task), started: true, settlement: done })));
  return ids;
}

async function keepLatest(store: TaskStore, count: number, limit: number): Promise<void> {
  for (let more = true; more;) {
    more = (await store.facet("retention")?.prune({ keepLatestSuccessesPerKind: count }, limit))?.more ?? false;
  }
}

it("tasks that stand together at rest are taken out side by side, and none stays behind", async () => {
  await using open = await openStores(3);
  const [one, two, sweeper] = open.stores;
  if (!one || !two || !sweeper) throw new Error("three stores were asked for");
  const n = tableNames(open.place.schema, "millrace_");
  const rows = async (): Promise<number> =>
    (await open.place.client.query(`select from ${n.resting} where status = 6`)).rowCount ?? 0;
  const ids = await endTogether(one, 90);
  expect(await rows()).toBe(1);
  const remove = (store: TaskStore, from: number): Promise<unknown> =>
    Promise.all(ids.slice(from, from + 30).map((taskId) => store.remove([{ taskId }])));
  await Promise.all([remove(one, 0), remove(two, 30), keepLatest(sweeper, 10, 7)]);
  const left = (await one.read({ limit: 100 })).tasks.map(({ id }) => id);
  const atRest = await open.place.client.query<{ readonly id: string }>(`select u.id from ${restingTasks(n)}`);
  expect(atRest.rows.map(({ id }) => id).toSorted()).toEqual(left.toSorted());
  await one.remove(left.map((taskId) => ({ taskId })));
  expect(await rows(), "what is empty goes with the last task").toBe(0);
  await Promise.all([endTogether(one, 20), endTogether(two, 20)]);
  await keepLatest(sweeper, 25, 100);
  expect(await rows()).toBe(2);
  await keepLatest(sweeper, 0, 100);
  expect(await rows(), "also by retention").toBe(0);
});
