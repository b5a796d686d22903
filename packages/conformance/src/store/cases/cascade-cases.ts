import { isTaskEvent, type TaskId } from "@millrace/models";
import { expect } from "vitest";
import { waitingOn } from "../flow-steps.ts";
import { present } from "../present.ts";
import type { StoreBench } from "../store-bench.ts";
import type { StoreCases } from "../store-cases.ts";

/** More than a transaction follows of what it sets off, which is 200: there are at least two of them. */
const length = 230;

/** Failures that go on through many tasks: no transaction has to follow them all, and none of them may be forgotten or told twice. */
export const cascadeCases: StoreCases = (add) => {
  add("a failure goes through a chain of 450 tasks, and each of them fails once", async (bench) => {
    const [first, ...others] = await aChain(bench, 450);
    await failFirst(bench);
    await sweepUntil(bench, async () => (await countOf(bench, "failed")) === 450);
    for (const record of await bench.store.get(others)) {
      expect(record).toMatchObject({ status: "failed", reason: "TASK_DEPENDENCY_FAILED" });
    }
    const told = (await bench.journal()).filter(({ type }) => type === "failed").length;
    expect([told, (await bench.record(first)).status]).toEqual([450, "failed"]);
  });

  add("who begins to wait while a failure is on its way is released once", async (bench) => {
    const ids = await aChain(bench, 450);
    const ends = [ids[200], ids[201], ids[202], ids[449]].map((id) => ({ id: present(id, "a link") }));
    const join = { id: bench.newId(), kind: "join", ...waitingOn("continue", ...ends) };
    const enqueued = await failFirst(bench, () => bench.stored(join));
    expect(enqueued).toHaveLength(1);
    await sweepUntil(bench, async () => (await countOf(bench, "failed")) === 450);
    expect(await bench.record(join.id)).toMatchObject({ status: "queued", openDependencies: 0 });
    const told = (await bench.journal()).filter(isTaskEvent).map(({ type, taskId }) => `${type} ${taskId}`);
    const resumed = told.flatMap((words, at) => (words === `resumed ${join.id}` ? [at] : []));
    // It is released by the last of them, or was never held up because all had failed before it came.
    expect(resumed.length).toBeLessThanOrEqual(1);
    for (const at of resumed) expect(told.indexOf(`failed ${ids[449]}`)).toBeLessThan(at);
  });

  add(
    "a task that is retried while its failure is on its way has failed those behind it all the same",
    async (bench) => {
      const ids = await aChain(bench);
      const link = present(ids[201], "a link");
      const [answer] = await failFirst(bench, () => bench.store.retry([link]));
      const isRetried = answer?.status === "retried";
      await sweepUntil(bench, async () => (await countOf(bench, "failed")) === length - Number(isRetried));
      expect((await bench.record(link)).status).toBe(isRetried ? "queued" : "failed");
    },
  );

  add(
    "an abort in the middle of a long failure lets its task go on, and those behind it wait for that",
    async (bench) => {
      const ids = await aChain(bench, length, (n) => (n === 220 ? { onFailure: "abort" } : {}));
      await failFirst(bench);
      await sweepUntil(bench, async () => (await countOf(bench, "queued")) === 1);
      const statuses = (await bench.store.get(ids)).map((record) => record?.status);
      const times = (count: number, status: string): readonly string[] => Array.from({ length: count }, () => status);
      expect(statuses).toEqual([...times(220, "failed"), "queued", ...times(9, "blocked")]);
    },
  );

  add("tasks that are not kept go with a long failure, once nobody waits for them", async (bench) => {
    const ids = await aChain(bench, length, () => ({ retainForMs: 0 }));
    await failFirst(bench);
    await sweepUntil(bench, async () => (await bench.store.get(ids)).every((record) => record === null));
    expect(await bench.store.get(ids)).toEqual(ids.map(() => null));
  });
};

/** Tasks each of which waits for the one before it. */
async function aChain(
  bench: StoreBench,
  count: number = length,
  changeOf: (n: number) => { readonly retainForMs?: number; readonly onFailure?: "abort" } = () => ({}),
): Promise<readonly [TaskId, ...TaskId[]]> {
  const first = bench.newId();
  const ids: [TaskId, ...TaskId[]] = [first, ...Array.from({ length: count - 1 }, () => bench.newId())];
  const links = ids.map((id, n) => {
    const before = ids.slice(0, n).slice(-1);
    const { onFailure = "fail", ...change } = changeOf(n);
    return { id, kind: "link", ...change, ...waitingOn(onFailure, ...before.map((one) => ({ id: one }))) };
  });
  expect((await bench.group(...links)).status).toBe("stored");
  return ids;
}

/** Lets the first of a chain fail, and begins something in the same turn. */
async function failFirst<Answer = null>(
  bench: StoreBench,
  andThen: () => Promise<Answer> = async () => null as Answer,
): Promise<Answer> {
  const [first] = await bench.claim({ kinds: [{ kind: "link", slots: 1 }] });
  const failing = bench.fail(present(first, "the first of the chain").task);
  const [answer] = await Promise.all([andThen(), failing]);
  return answer;
}

async function countOf(bench: StoreBench, status: "failed" | "queued"): Promise<number> {
  return (await bench.store.aggregate({})).byStatus[status].count;
}

/** What hosts do, until it is done. What another is busy with a sweep leaves to it, so there may have to be many. */
async function sweepUntil(bench: StoreBench, isDone: () => Promise<boolean>): Promise<void> {
  let isNow = await isDone();
  for (let round = 0; round < 1_000 && !isNow; round += 1) {
    await bench.store.expire(1_000);
    isNow = await isDone();
  }
  expect(isNow, "it came to its end").toBe(true);
  for (let round = 0; round < 3; round += 1) await bench.store.expire(1_000);
}
