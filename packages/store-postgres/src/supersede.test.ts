import { aRequest } from "@millrace/conformance";
import { checkInvariants, readHistory } from "@millrace/conformance/invariants";
import { createTaskClient } from "@millrace/engine";
import { createTaskId, type TaskId, type TaskRecord, type TaskStore } from "@millrace/models";
import { expect, it } from "vitest";
import { type PodHost, type PodHostOptions, startPodHost } from "./testing/pod-host.ts";
import { openStores, type TestStores } from "./testing/stores.ts";

const count = 5;
/** So long that no test could wait for it: whatever is taken is taken from the host that held it. */
const leaseMs = 600_000;
const patience = { timeoutMs: 100_000 };

const isBegin = ({ type }: { readonly type: string }): boolean => type === "begin";
const idOf = ({ said }: PodHost): string => said.flatMap((one) => (one.type === "up" ? [one.hostId] : []))[0] ?? "";

function startOn({ place }: TestStores, own: Pick<PodHostOptions, "isEndless" | "heartbeatMs">): PodHost {
  const { connectionString, schema } = place;
  return startPodHost({ connectionString, schema, podId: "pod-0", concurrency: count, leaseMs, ...own });
}

async function enqueue(store: TaskStore): Promise<readonly TaskId[]> {
  const tasks = Array.from({ length: count }, () => aRequest({ id: createTaskId(), mustKnowKind: false }));
  await store.enqueue([{ tasks }]);
  return tasks.map(({ id }) => id);
}

/** The tasks once they have all succeeded. */
async function ended(store: TaskStore, ids: readonly TaskId[]): Promise<readonly (TaskRecord | null)[]> {
  const client = createTaskClient({ store });
  await Promise.all(ids.map((id) => client.awaitResult(id, patience)));
  return store.get(ids);
}

it(
  "F52, R58, I4, I6: the next host of a pod whose host was killed takes its tasks at once",
  { timeout: 120_000 },
  async () => {
    await using open = await openStores(1);
    const [store] = open.stores;
    if (!store) return;
    const ids = await enqueue(store);
    await using killed = startOn(open, { isEndless: true });
    await killed.until((said) => said.filter(isBegin).length === count);
    await killed.kill();
    await using next = startOn(open, { isEndless: false });
    const records = await ended(store, ids);
    await next.until((said) => said.some(({ type }) => type === "up"));
    for (const record of records) {
      expect(record).toMatchObject({ attempt: 2, output: JSON.stringify(idOf(next)) });
    }
    const history = await readHistory(store);
    expect(checkInvariants({ ...history, acknowledged: ids, isQuiet: true })).toEqual([]);
    const startedAt = history.events.findLast(({ type }) => type === "host_started")?.at ?? 0;
    const takenAt = history.events.filter(({ type }) => type === "lease_lost").map(({ at }) => at);
    expect(takenAt).toHaveLength(count);
    expect(Math.max(...takenAt) - startedAt).toBeLessThan(10_000);
    await next.end();
  },
);

it(
  "F52, F54, F55, I3, I4: a host that only slept through it loses its tasks, and takes no others",
  { timeout: 120_000 },
  async () => {
    await using open = await openStores(1);
    const [store] = open.stores;
    if (!store) return;
    const ids = await enqueue(store);
    await using sleeper = startOn(open, { isEndless: true });
    await sleeper.until((said) => said.filter(isBegin).length === count);
    sleeper.process.kill("SIGSTOP");
    // Alive for longer than a busy machine could keep it from saying so: else the sleeper would have its pod again.
    await using next = startOn(open, { isEndless: false, heartbeatMs: 40_000 });
    await ended(store, ids);
    sleeper.process.kill("SIGCONT");
    await sleeper.until((said) => said.filter(({ type }) => type === "aborted").length === count);
    await sleeper.until((said) =>
      said.some((one) => one.type === "log" && one.message.includes("takes no more tasks")),
    );
    const aborts = sleeper.said.flatMap((one) => (one.type === "aborted" ? [one.why] : []));
    expect(new Set(aborts)).toEqual(new Set(["lease-lost"]));
    const more = await enqueue(store);
    for (const record of await ended(store, [...ids, ...more])) {
      expect(record).toMatchObject({ status: "succeeded", output: JSON.stringify(idOf(next)) });
    }
    expect(sleeper.said.filter(isBegin)).toHaveLength(count);
    const history = await readHistory(store);
    expect(checkInvariants({ ...history, acknowledged: [...ids, ...more], isQuiet: true })).toEqual([]);
    await next.end();
  },
);

it(
  "F58, I1, I6: the tasks of a killed host run again in any other, a lease and a sweep later",
  { timeout: 60_000 },
  async () => {
    await using open = await openStores(1);
    const [store] = open.stores;
    if (!store) return;
    const { connectionString, schema } = open.place;
    const own = { connectionString, schema, podId: null, concurrency: count, leaseMs: 2_000, sweepIntervalMs: 500 };
    const ids = await enqueue(store);
    await using killed = startPodHost({ ...own, isEndless: true });
    await killed.until((said) => said.filter(isBegin).length === count);
    await using other = startPodHost({ ...own, isEndless: false });
    await other.until((said) => said.some(({ type }) => type === "up"));
    await killed.kill();
    for (const record of await ended(store, ids)) {
      expect(record).toMatchObject({ status: "succeeded", output: JSON.stringify(idOf(other)) });
    }
    const history = await readHistory(store);
    expect(checkInvariants({ ...history, acknowledged: ids, isQuiet: true })).toEqual([]);
    // On a machine that stands still, one may have been lost before.
    expect(history.events.filter(({ type }) => type === "lease_lost").length).toBeGreaterThanOrEqual(count);
    await other.end();
  },
);
