import { aRequest, leaseOf } from "@millrace/conformance";
import type { Settlement, TaskRecord, TaskStore } from "@millrace/models";
import { expect, it } from "vitest";
import { openStores } from "./testing/stores.ts";

const kind = "step";
const rounds = 12;

/** A task that runs, and whose key leads others to it. */
async function runningTask(store: TaskStore, key: string): Promise<TaskRecord> {
  await store.enqueue([{ tasks: [aRequest({ kind, dedupeKey: key })] }]);
  const { tasks } = await store.claim({
    hostId: "host",
    kinds: [{ kind, slots: 1 }],
    limit: 1,
    leaseMs: 60_000,
    suspects: "include",
  });
  const [claimed] = tasks;
  if (!claimed) throw new Error(`nothing was claimed for ${key}`);
  return claimed.task;
}

/** Has a task wait for the one that a key leads to. */
async function waitFor(store: TaskStore, task: TaskRecord, key: string): Promise<void> {
  const settlement: Settlement = {
    type: "suspend",
    state: undefined,
    wait: {
      reason: "children",
      children: [aRequest({ kind, dedupeKey: key })],
      onFailure: "fail",
      timeoutMs: null,
    },
  };
  await store.settle([{ ...leaseOf(task), started: true, settlement }]);
}

it("I1: of two suspensions that would close one circle between them, at the same time, one is refused", async () => {
  await using open = await openStores(2, { listen: false });
  const [one, other] = open.stores;
  if (!one || !other) throw new Error("two stores were asked for");
  for (let round = 0; round < rounds; round += 1) {
    const keys = ["a", "b", "c", "d"].map((name) => `${name}${round}`);
    const [a = "", b = "", c = "", d = ""] = keys;
    const tasks: TaskRecord[] = [];
    for (const key of keys) tasks.push(await runningTask(one, key));
    const [taskA, taskB, taskC, taskD] = tasks;
    if (!taskA || !taskB || !taskC || !taskD) throw new Error("four tasks were asked for");
    await waitFor(one, taskB, c);
    await waitFor(one, taskD, a);
    // a → b → c and c → d → a: neither touches a row of the other.
    await Promise.all([waitFor(one, taskA, b), waitFor(other, taskC, d)]);
    const after = await one.get(tasks.map(({ id }) => id));
    const refused = after.filter((task) => task?.failureFingerprint === "DEPENDENCY_CYCLE");
    expect(refused.length, `round ${round}: ${after.map((task) => task?.status).join(", ")}`).toBe(1);
  }
});
