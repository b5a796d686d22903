import {
  createManualClock,
  createTaskId,
  type Facets,
  type ServicePort,
  silentLogger,
  type TaskRecord,
  type TaskStore,
} from "@millrace/models";
import { aRequest } from "@millrace/conformance";
import { createMemoryTaskStore } from "@millrace/store-memory";
import { describe, expect, it } from "vitest";
import { retention } from "./retention.ts";
import { watchdog } from "./watchdog.ts";

const clock = createManualClock();

/** The port as the engine gives it, with the jobs in the test's hand. */
function portOf(store: TaskStore): { readonly port: ServicePort; readonly runJobs: () => Promise<void> } {
  const jobs: (() => Promise<void>)[] = [];
  const port = {
    hostId: "host",
    store,
    clock,
    logger: silentLogger,
    signal: new AbortController().signal,
    facet: <Name extends keyof Facets>(name: Name) => {
      const facet = store.facet(name);
      if (facet === null) throw new Error(`no facet ${name}`);
      return facet;
    },
    every: (_intervalMs: number, job: () => Promise<void>) => void jobs.push(job),
  } as unknown as ServicePort;
  return {
    port,
    runJobs: async () => {
      for (const job of jobs) await job();
    },
  };
}

async function claimed(store: TaskStore): Promise<TaskRecord> {
  await store.enqueue([{ tasks: [aRequest({ id: createTaskId(), kind: "k" })] }]);
  const { tasks } = await store.claim({
    hostId: "host",
    kinds: [{ kind: "k", slots: 1 }],
    limit: 1,
    leaseMs: 60_000,
    suspects: "include",
  });
  const [first] = tasks;
  if (!first) throw new Error("nothing was claimed");
  return first.task;
}

async function succeeded(store: TaskStore): Promise<void> {
  const { id: taskId, attempt, leaseToken } = await claimed(store);
  await store.settle([
    { taskId, attempt, leaseToken: leaseToken ?? "", started: true, settlement: { type: "succeed", output: null } },
  ]);
}

describe("retention", () => {
  it("R54, R57, F49, F50: removes what is past its time in as many bites as it takes, and tells the counts", async () => {
    const store = createMemoryTaskStore({ clock });
    for (let n = 0; n < 5; n += 1) await succeeded(store);
    const { port, runJobs } = portOf(store);
    const told: number[] = [];
    const service = retention(
      { successTtlMs: 1_000 },
      { biteSize: 2, onPruned: (counts) => told.push(counts.deletedTasks) },
    );
    await service.start(port);

    await runJobs();
    expect(told).toEqual([]);
    clock.advance(1_001);
    await runJobs();
    expect(told).toEqual([5]);
    expect((await store.read({})).tasks).toEqual([]);
  });

  it.each([
    [(): unknown => retention({ successTtlMs: -1 }), "retentionPolicy.successTtlMs"],
    [(): unknown => retention({}, { intervalMs: 5 }), "retention.intervalMs"],
    [(): unknown => retention({}, { biteSize: 0 }), "retention.biteSize"],
    [(): unknown => watchdog({ watchdogMs: 0.5 }), "watchdog.watchdogMs"],
    [(): unknown => watchdog({ watchdogMs: 1, intervalMs: 0 }), "watchdog.intervalMs"],
  ])("T47: refuses a bad option at once (%#)", (make, path) => {
    expect(make).toThrow(
      expect.objectContaining({ code: "OPTION_INVALID", details: expect.objectContaining({ path }) }),
    );
  });
});

describe("watchdog", () => {
  it("R22: labels a silent task once, and leaves its status alone", async () => {
    const store = createMemoryTaskStore({ clock });
    const task = await claimed(store);
    const { port, runJobs } = portOf(store);
    const stale: string[] = [];
    await watchdog({ watchdogMs: 5_000, onStale: ({ id }) => stale.push(id) }).start(port);

    await runJobs();
    expect(stale).toEqual([]);
    clock.advance(5_001);
    await runJobs();
    await runJobs();
    expect(stale).toEqual([task.id]);
    const [found] = await store.get([task.id]);
    expect(found).toMatchObject({ status: "claimed", staleReason: expect.any(String) });
  });
});
