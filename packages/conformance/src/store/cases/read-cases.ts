import type { TaskFilter, TaskId, TaskOrder, TaskQuery } from "@millrace/models";
import { expect } from "vitest";
import { aFailSettlement } from "../../builders/failure.ts";
import type { StoreBench } from "../store-bench.ts";
import type { StoreCases } from "../store-cases.ts";

interface Zoo {
  readonly ids: Readonly<Record<string, TaskId>>;
  names(query: TaskQuery): Promise<readonly string[]>;
}

/** One task of every sort. */
async function makeZoo(bench: StoreBench): Promise<Zoo> {
  const ids: Record<string, TaskId> = {};
  const { clock, store } = bench;
  const add = async (name: string, task: Promise<{ readonly id: TaskId }>): Promise<void> => {
    ids[name] = (await task).id;
    clock.advance(1);
  };
  await add("queued", bench.enqueue({ tags: ["a", "b"], channels: ["x"], dedupeKey: "d", supersedeKey: "s" }));
  await add("scheduled", bench.enqueue({ delayMs: 60_000, tags: ["b"], channels: ["x", "y"], flowId: "f" }));
  await add("claimed", bench.claimed({ kind: "odd", concurrencyKeys: [{ key: "c", limit: 1 }] }));
  await add("running", bench.running({ kind: "odd", tenantId: "acme" }, { hostId: "host-2" }));
  await add("suspended", suspendedTask(bench));
  await add("retrying", retryingTask(bench));
  await add("succeeded", doneTask(bench));
  await add("failed", failedTask(bench));
  await add("cancelled", cancelledTask(bench));
  const dependency = ids["queued"] ?? "";
  await add(
    "blocked",
    bench.enqueue({
      dependencies: [{ taskId: dependency, onFailure: "continue" }],
      parentId: dependency,
      rootId: dependency,
    }),
  );
  await add("paused", pausedTask(bench));
  const names = new Map(Object.entries(ids).map(([name, id]) => [id, name]));
  return {
    ids,
    async names(query) {
      return (await store.read(query)).tasks.map(({ id }) => names.get(id) ?? id);
    },
  };
}

async function suspendedTask(bench: StoreBench) {
  const task = await bench.running();
  await bench.settle(task, { type: "suspend", wait: { reason: "signal", name: "n", timeoutMs: null }, state: null });
  return task;
}

async function retryingTask(bench: StoreBench) {
  const task = await bench.running();
  await bench.settle(task, aFailSettlement({ delayMs: 90_000, fingerprint: "E1" }));
  return task;
}

async function doneTask(bench: StoreBench) {
  const task = await bench.running({ origin: { type: "schedule", id: "nightly" } });
  bench.clock.advance(500);
  await bench.succeed(task, "1");
  return task;
}

async function failedTask(bench: StoreBench) {
  const task = await bench.running();
  await bench.settle(task, aFailSettlement({ permanent: true, reason: "TASK_TIMED_OUT", fingerprint: "E2" }));
  return task;
}

async function cancelledTask(bench: StoreBench) {
  const task = await bench.enqueue({ origin: { type: "trigger", id: "t1" } });
  await bench.cancel(task.id);
  return task;
}

async function pausedTask(bench: StoreBench) {
  const task = await bench.enqueue();
  await bench.store.change([{ type: "pause", taskId: task.id, by: null, why: null }]);
  return task;
}

const filters: readonly (readonly [string, (zoo: Zoo) => TaskFilter, readonly string[]])[] = [
  ["kinds", () => ({ kinds: ["odd", "none"] }), ["claimed", "running"]],
  ["statuses", () => ({ statuses: ["blocked", "paused"] }), ["blocked", "paused"]],
  ["status queued", () => ({ statuses: ["queued"] }), ["queued", "scheduled", "retrying"]],
  ["state queued", () => ({ states: ["queued"] }), ["queued"]],
  ["state scheduled", () => ({ states: ["scheduled"] }), ["scheduled"]],
  ["state retrying", () => ({ states: ["retrying", "succeeded"] }), ["retrying", "succeeded"]],
  ["tenant", () => ({ tenantId: "acme" }), ["running"]],
  ["ids", ({ ids }) => ({ taskIds: [ids["paused"] ?? "", ids["queued"] ?? ""] }), ["queued", "paused"]],
  ["channels, any of", () => ({ channels: ["y", "z"] }), ["scheduled"]],
  ["stored channel", () => ({ channels: ["x"] }), ["queued", "scheduled"]],
  ["tags, all of", () => ({ tags: ["a", "b"] }), ["queued"]],
  ["one tag", () => ({ tags: ["b"] }), ["queued", "scheduled"]],
  ["concurrency key", () => ({ concurrencyKey: "c" }), ["claimed"]],
  ["dedupe key", () => ({ dedupeKey: "d" }), ["queued"]],
  ["supersede key", () => ({ supersedeKey: "s" }), ["queued"]],
  ["parent", ({ ids }) => ({ parentId: ids["queued"] ?? "" }), ["blocked"]],
  ["root", ({ ids }) => ({ rootId: ids["queued"] ?? "" }), ["queued", "blocked"]],
  ["flow", () => ({ flowId: "f" }), ["scheduled"]],
  ["origin type", () => ({ originType: "schedule" }), ["succeeded"]],
  ["origin id", () => ({ originId: "t1" }), ["cancelled"]],
  ["host", () => ({ hostId: "host-2" }), ["running"]],
  ["reasons", () => ({ reasons: ["TASK_TIMED_OUT", "signal"] }), ["suspended", "failed"]],
  ["fingerprint", () => ({ failureFingerprint: "E1" }), ["retrying"]],
  ["fields joined by and", () => ({ kinds: ["odd"], statuses: ["claimed", "queued"] }), ["claimed"]],
  ["an empty list", () => ({ kinds: [] }), []],
  ["an empty list of ids", () => ({ taskIds: [] }), []],
];

/** `read`: every filter and order. */
export const readCases: StoreCases = (add) => {
  for (const [name, filter, expected] of filters) {
    add(`R40, R43, T23: filter by ${name}`, async (bench) => {
      const zoo = await makeZoo(bench);
      expect(await zoo.names({ ...filter(zoo), orderBy: "created_asc" })).toEqual(expected);
    });
  }

  add("R40: created from (included) and before (excluded)", async ({ enqueue, store, clock }) => {
    const tasks = [];
    for (let n = 0; n < 4; n += 1) {
      tasks.push(await enqueue());
      clock.advance(10);
    }
    const [, second, , fourth] = tasks;
    const page = await store.read({
      createdFrom: second?.createdAt ?? 0,
      createdBefore: fourth?.createdAt ?? 0,
      orderBy: "created_asc",
    });
    expect(page.tasks).toEqual(tasks.slice(1, 3));
  });

  add("R40, R44: ended from a moment on (included), in a list and counted", async (bench) => {
    const { store, clock } = bench;
    const ended = [];
    for (let n = 0; n < 3; n += 1) {
      const task = await bench.running({ kind: `work.${n}` });
      await bench.fail(task);
      ended.push(await bench.record(task.id));
      clock.advance(10);
    }
    await bench.enqueue();
    const [, second] = ended;
    const filter = { finishedFrom: second?.finishedAt ?? 0 };
    expect((await store.read({ ...filter, orderBy: "created_asc" })).tasks).toEqual(ended.slice(1));
    for (const [asked, count] of [
      [filter, 2],
      [{ ...filter, statuses: ["failed"], failureFingerprint: "Error" }, 2],
      [{ ...filter, statuses: ["failed"], kinds: ["work.0", "work.1"] }, 1],
      [{ finishedFrom: clock.now() }, 0],
    ] as const) {
      expect((await store.aggregate(asked)).total).toEqual({ count, exact: true });
    }
  });

  add("R64: the task of a dedupe key is found open or ended", async ({ running, succeed, store, enqueue }) => {
    const old = await running({ kind: "work", dedupeKey: "d" });
    await succeed(old);
    const open = await enqueue({ dedupeKey: "d" });
    const page = await store.read({ kinds: ["work"], dedupeKey: "d", orderBy: "created_desc" });
    expect(page.tasks.map(({ id }) => id)).toEqual([open.id, old.id]);
  });

  const orders: Readonly<Record<TaskOrder, readonly string[]>> = {
    created_asc: ["a", "b", "c"],
    created_desc: ["c", "b", "a"],
    scheduled_asc: ["c", "a", "b"],
    scheduled_desc: ["b", "a", "c"],
    updated_asc: ["a", "c", "b"],
    updated_desc: ["b", "c", "a"],
    finished_asc: ["c", "b", "a"],
    finished_desc: ["b", "c", "a"],
    status_asc: ["a", "c", "b"],
    status_desc: ["b", "c", "a"],
  };
  for (const [orderBy, expected] of Object.entries(orders)) {
    add(`R40, T24: order by ${orderBy}`, async (bench) => {
      const { clock, enqueue, cancel, store } = bench;
      const at = clock.now();
      const a = await enqueue({ scheduledAt: at + 20 });
      clock.advance(10);
      const b = await enqueue({ scheduledAt: at + 30 });
      clock.advance(10);
      const c = await bench.running({ scheduledAt: at + 10 });
      clock.advance(10);
      await bench.fail(c);
      clock.advance(10);
      await cancel(b.id);
      const names = new Map([
        [a.id, "a"],
        [b.id, "b"],
        [c.id, "c"],
      ]);
      const page = await store.read({ orderBy: orderBy as TaskOrder });
      expect(page.tasks.map(({ id }) => names.get(id))).toEqual(expected);
    });
  }

  add("R40: without an order the newest come first, ties by id", async ({ enqueueMany, store }) => {
    const tasks = await enqueueMany(5);
    expect((await store.read({})).tasks.map(({ id }) => id)).toEqual(tasks.map(({ id }) => id).toReversed());
  });

  add("T19: get is aligned, null where there is none, and takes an id twice", async ({ enqueue, store, newId }) => {
    const task = await enqueue();
    expect(await store.get([newId(), task.id, task.id])).toEqual([null, task, task]);
  });
};
