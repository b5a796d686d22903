import { aRequest, leaseOf } from "@millrace/conformance";
import type { Settlement, TaskRecord, TaskStore } from "@millrace/models";
import { expect, it } from "vitest";
import { openStores } from "./testing/stores.ts";

const kind = "step";
const rounds = 12;

/** Tasks that run, each with a key that leads others to it. */
async function runningTasks(store: TaskStore, keys: readonly string[]): Promise<readonly TaskRecord[]> {
  await store.enqueue([{ tasks: keys.map((dedupeKey) => aRequest({ kind, dedupeKey })) }]);
  const { tasks } = await store.claim({
    hostId: "host",
    kinds: [{ kind, slots: keys.length }],
    limit: keys.length,
    leaseMs: 60_000,
    suspects: "include",
  });
  return keys.map((key) => {
    const claimed = tasks.find(({ task }) => task.dedupeKey === key);
    if (!claimed) throw new Error(`nothing was claimed for ${key}`);
    return claimed.task;
  });
}

/** Has tasks wait, each for the one that its key leads to. */
async function waitFor(
  store: TaskStore,
  ...waits: readonly (readonly [task: TaskRecord, key: string])[]
): Promise<void> {
  const settlementFor = (key: string): Settlement => ({
    type: "suspend",
    state: undefined,
    wait: {
      reason: "children",
      children: [aRequest({ kind, dedupeKey: key })],
      onFailure: "fail",
      timeoutMs: null,
    },
  });
  await store.settle(waits.map(([task, key]) => ({ ...leaseOf(task), started: true, settlement: settlementFor(key) })));
}

it("I1: of two suspensions that would close one circle between them, at the same time, one is refused", async () => {
  await using open = await openStores(2, { listen: false });
  const [one, other] = open.stores;
  if (!one || !other) throw new Error("two stores were asked for");
  for (let round = 0; round < rounds; round += 1) {
    const keys = ["a", "b", "c", "d"].map((name) => `${name}${round}`);
    const [a = "", b = "", c = "", d = ""] = keys;
    const tasks = await runningTasks(one, keys);
    const [taskA, taskB, taskC, taskD] = tasks;
    if (!taskA || !taskB || !taskC || !taskD) throw new Error("four tasks were asked for");
    await waitFor(one, [taskB, c], [taskD, a]);
    // a → b → c and c → d → a: neither touches a row of the other.
    await Promise.all([waitFor(one, [taskA, b]), waitFor(other, [taskC, d])]);
    const after = await one.get(tasks.map(({ id }) => id));
    const refused = after.filter((task) => task?.failureFingerprint === "DEPENDENCY_CYCLE");
    expect(refused.length, `round ${round}: ${after.map((task) => task?.status).join(", ")}`).toBe(1);
  }
});
