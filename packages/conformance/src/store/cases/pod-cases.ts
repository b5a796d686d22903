import type { HostBeat, HostRecord } from "@millrace/models";
import { expect } from "vitest";
import { aFailSettlement } from "../../builders/failure.ts";
import { leaseOf } from "../../builders/lease.ts";
import type { StoreBench } from "../store-bench.ts";
import type { StoreCases } from "../store-cases.ts";
import { addFacetCase, facetOf } from "./facet-cases.ts";
import { beat } from "./host-cases.ts";

const inPod = (change: Partial<HostBeat> = {}): Partial<HostBeat> => ({ podId: "pod-0", ...change });
const begins = (change: Partial<HostBeat> = {}): Partial<HostBeat> => inPod({ begins: { recover: true }, ...change });

async function hostNamed(bench: StoreBench, hostId: string): Promise<HostRecord | undefined> {
  return (await facetOf(bench, "hosts").list()).find((host) => host.hostId === hostId);
}

/** Types and names of what the journal says of hosts. */
async function toldOfHosts(bench: StoreBench): Promise<readonly (readonly unknown[])[]> {
  const events = (await bench.journal()).filter((event) => event.taskId === null);
  return events.map((event) => [event.type, event.hostId, event.data]);
}

/** Hosts that live as a pod, one after another. */
export const podCases: StoreCases = (addAny, options) => {
  const add = addFacetCase(addAny, options, "hosts");

  add("F51: a host is known by its pod and its version, and has its place", async (bench) => {
    const hosts = facetOf(bench, "hosts");
    const answer = await hosts.beat(beat("h1", begins({ version: "2.4.0" })));
    expect(answer).toEqual({ drain: false, supersededBy: null });
    const record = await hostNamed(bench, "h1");
    expect(record).toMatchObject({ podId: "pod-0", version: "2.4.0", supersededAt: null, supersededBy: null });
    expect(record).not.toHaveProperty("begins");
    if (bench.canReopen) await bench.reopen();
    expect(await hostNamed(bench, "h1")).toEqual(record);
  });

  add("F52: a host that begins supersedes the one before it, and no host of another pod or of none", async (bench) => {
    const hosts = facetOf(bench, "hosts");
    await hosts.beat(beat("old", begins()));
    await hosts.beat(beat("other", begins({ podId: "pod-1" })));
    await hosts.beat(beat("podless", { begins: { recover: true } }));
    bench.clock.advance(1_000);
    await hosts.beat(beat("new", begins()));
    expect(await hostNamed(bench, "old")).toMatchObject({ supersededAt: bench.clock.now(), supersededBy: "new" });
    for (const name of ["other", "podless", "new"]) {
      expect(await hostNamed(bench, name)).toMatchObject({ supersededAt: null });
    }
    expect((await toldOfHosts(bench)).slice(3)).toEqual([
      ["host_started", "new", null],
      ["host_superseded", "old", "new"],
    ]);
  });

  add("F52, F57, I4: its tasks are taken at the next sweep, long before their leases end", async (bench) => {
    const hosts = facetOf(bench, "hosts");
    await hosts.beat(beat("old", begins()));
    const running = await bench.running({}, { hostId: "old" });
    const claimed = await bench.claimed({}, { hostId: "old" });
    const foreign = await bench.running({}, { hostId: "other" });
    bench.clock.advance(1_000);
    await hosts.beat(beat("new", begins()));
    const swept = await bench.store.expire(10);
    expect(swept.map(({ id }) => id).toSorted()).toEqual([running.id, claimed.id].toSorted());
    expect(await bench.record(running.id)).toMatchObject({
      status: "queued",
      suspect: true,
      interruptions: 1,
      failures: 0,
      hostId: null,
      leaseToken: null,
    });
    expect(await bench.record(claimed.id)).toMatchObject({ status: "queued", suspect: true, interruptions: 0 });
    expect((await bench.eventsOf(running.id)).at(-1)).toMatchObject({
      type: "lease_lost",
      hostId: "old",
      data: "new",
      statusAfter: "queued",
    });
    expect(await bench.store.attempts(running.id)).toMatchObject([
      { attempt: 1, hostId: "old", outcome: "lease_lost", endedBy: "expire", endedAt: bench.clock.now() },
    ]);
    expect(await bench.record(foreign.id)).toMatchObject({ status: "running", hostId: "other" });
    const again = await bench.runAgain(running);
    expect(again.attempt).toBe(2);
  });

  add("F55, I3: whatever the superseded host still says of a task that was taken from it is lost", async (bench) => {
    const hosts = facetOf(bench, "hosts");
    await hosts.beat(beat("old", begins()));
    const task = await bench.running({}, { hostId: "old" });
    await hosts.beat(beat("new", begins()));
    await bench.store.expire(10);
    const lost = { status: "lost", why: "wrong-status" };
    expect(await bench.extendAll([task])).toEqual([lost]);
    expect(await bench.store.report([{ ...leaseOf(task), alive: true }])).toEqual([lost]);
    expect(await bench.succeed(task)).toEqual(lost);
    await bench.runAgain(task);
    expect(await bench.settle(task, aFailSettlement())).toMatchObject({ status: "lost" });
  });

  add("F52: what it finished before the sweep counts, and is not taken", async (bench) => {
    const hosts = facetOf(bench, "hosts");
    await hosts.beat(beat("old", begins()));
    const task = await bench.running({}, { hostId: "old" });
    await hosts.beat(beat("new", begins()));
    expect(await bench.succeed(task)).toMatchObject({ status: "held" });
    expect(await bench.store.expire(10)).toEqual([]);
    expect(await bench.record(task.id)).toMatchObject({ status: "succeeded", attempt: 1 });
  });

  add("F52: more tasks than a sweep takes are taken by the next ones; then no sweep looks again", async (bench) => {
    const hosts = facetOf(bench, "hosts");
    await hosts.beat(beat("old", begins()));
    await bench.enqueueMany(5);
    await bench.claim({ hostId: "old" });
    await hosts.beat(beat("new", begins()));
    expect(await bench.store.expire(2)).toHaveLength(2);
    expect(await bench.store.expire(2)).toHaveLength(2);
    expect(await bench.store.expire(2)).toHaveLength(1);
    expect(await bench.store.expire(2)).toEqual([]);
  });

  add("F52: a task that a superseded host claims afterwards is its own: nobody takes it", async (bench) => {
    const hosts = facetOf(bench, "hosts");
    await hosts.beat(beat("old", begins()));
    await hosts.beat(beat("new", begins()));
    bench.clock.advance(1);
    const task = await bench.running({}, { hostId: "old" });
    expect(await bench.store.expire(10)).toEqual([]);
    expect(await bench.succeed(task)).toMatchObject({ status: "held" });
  });

  add(
    "F52, M6b: a task whose cancel was asked for is cancelled; one that says so fails, by its host's name",
    async (bench) => {
      const hosts = facetOf(bench, "hosts");
      await hosts.beat(beat("old", begins()));
      const asked = await bench.running({}, { hostId: "old" });
      const fragile = await bench.running({ afterCrash: "fail" }, { hostId: "old" });
      await bench.cancel(asked.id);
      await hosts.beat(beat("new", begins()));
      await bench.store.expire(10);
      expect(await bench.record(asked.id)).toMatchObject({ status: "cancelled", reason: "TASK_CANCELLED" });
      const { status, reason, failure } = await bench.record(fragile.id);
      expect({ status, reason }).toEqual({ status: "failed", reason: "TASK_LEASE_EXPIRED" });
      expect(failure).toContain("old gave way to new");
    },
  );

  add(
    "F53: a host that went silent is told lost once by its peers, which take its tasks when their leases end",
    async (bench) => {
      const hosts = facetOf(bench, "hosts");
      await hosts.beat(beat("dead", inPod()));
      const task = await bench.running({}, { hostId: "dead" });
      bench.clock.advance(30_000);
      await hosts.beat(beat("peer"));
      expect(await bench.store.expire(10)).toEqual([]);
      bench.clock.advance(1);
      expect(await bench.store.expire(10)).toMatchObject([{ id: task.id, status: "queued", interruptions: 1 }]);
      await bench.store.expire(10);
      expect((await toldOfHosts(bench)).filter(([type]) => type === "host_lost")).toEqual([
        ["host_lost", "dead", null],
      ]);
      expect((await bench.eventsOf(task.id)).at(-1)).toMatchObject({ type: "lease_lost", hostId: "dead", data: null });
    },
  );

  add(
    "F54: a superseded host learns with every beat that it must take no more, and who lives in its place",
    async (bench) => {
      const hosts = facetOf(bench, "hosts");
      await hosts.beat(beat("old", begins()));
      await hosts.beat(beat("new", begins()));
      for (let n = 0; n < 3; n += 1) {
        bench.clock.advance(10_000);
        expect(await hosts.beat(beat("old", inPod()))).toEqual({ drain: false, supersededBy: "new" });
        expect(await hosts.beat(beat("new", inPod()))).toEqual({ drain: false, supersededBy: null });
      }
      expect((await toldOfHosts(bench)).filter(([type]) => type === "host_superseded")).toHaveLength(1);
    },
  );

  add("F54: it has its place back once the other has stopped or is lost, with all it still holds", async (bench) => {
    const hosts = facetOf(bench, "hosts");
    await hosts.beat(beat("old", begins()));
    await hosts.beat(beat("new", begins()));
    const kept = await bench.running({}, { hostId: "old", leaseMs: 120_000 });
    await hosts.beat(beat("new", inPod({ state: "stopped" })));
    expect(await hosts.beat(beat("old", inPod()))).toEqual({ drain: false, supersededBy: null });
    expect(await hostNamed(bench, "old")).toMatchObject({ supersededAt: null, startedAt: bench.clock.now() });
    expect(await bench.store.expire(10)).toEqual([]);
    expect(await bench.record(kept.id)).toMatchObject({ status: "running", hostId: "old" });
    await hosts.beat(beat("newer", begins()));
    bench.clock.advance(30_001);
    await bench.store.expire(10);
    expect(await hosts.beat(beat("old", inPod()))).toEqual({ drain: false, supersededBy: null });
  });

  add("F54: of two that come back to a pod, the first has the place", async (bench) => {
    const hosts = facetOf(bench, "hosts");
    await hosts.beat(beat("old", begins()));
    await hosts.beat(beat("new", begins()));
    bench.clock.advance(30_001);
    expect((await hosts.beat(beat("old", inPod()))).supersededBy).toBeNull();
    expect((await hosts.beat(beat("new", inPod()))).supersededBy).toBe("old");
    expect((await hosts.beat(beat("old", inPod()))).supersededBy).toBeNull();
  });

  add("F54: a host that was forgotten meanwhile does not push the living one out", async (bench) => {
    const hosts = facetOf(bench, "hosts");
    await hosts.beat(beat("old", begins()));
    bench.clock.advance(86_400_001);
    await hosts.beat(beat("new", begins()));
    expect((await hosts.list()).map(({ hostId }) => hostId)).toEqual(["new"]);
    expect((await hosts.beat(beat("old", inPod()))).supersededBy).toBe("new");
    expect((await hosts.beat(beat("new", inPod()))).supersededBy).toBeNull();
  });

  add("F52: of ten that begin at once as one pod, exactly one has the place", async (bench) => {
    const hosts = facetOf(bench, "hosts");
    const names = Array.from({ length: 10 }, (_, n) => `h${n}`);
    await Promise.all(names.map((name) => hosts.beat(beat(name, begins()))));
    const alive = (await hosts.list()).filter(({ supersededAt }) => supersededAt === null);
    expect(alive).toHaveLength(1);
    const answers = await Promise.all(names.map((name) => hosts.beat(beat(name, inPod()))));
    const holders = answers.flatMap(({ supersededBy }, index) => (supersededBy === null ? [names[index]] : []));
    expect(holders).toEqual([alive[0]?.hostId]);
  });

  add("F52: a host that begins again under its own name takes what its last life left", async (bench) => {
    const hosts = facetOf(bench, "hosts");
    await hosts.beat(beat("same", begins()));
    const left = await bench.running({}, { hostId: "same" });
    bench.clock.advance(1_000);
    await hosts.beat(beat("same", begins()));
    await hosts.beat(beat("same", inPod()));
    expect(await bench.store.expire(10)).toMatchObject([{ id: left.id, status: "queued" }]);
    await bench.runAgain(left);
    expect(await bench.store.expire(10)).toEqual([]);
  });

  add("F52: what a host that stopped in order still holds is left until its leases end", async (bench) => {
    const hosts = facetOf(bench, "hosts");
    await hosts.beat(beat("old", begins()));
    const task = await bench.running({}, { hostId: "old" });
    await hosts.beat(beat("old", inPod({ state: "stopped" })));
    await hosts.beat(beat("new", begins()));
    expect(await bench.store.expire(10)).toEqual([]);
    expect(await bench.record(task.id)).toMatchObject({ status: "running" });
  });

  add("F56: a start that does not recover leaves the tasks to their leases", async (bench) => {
    const hosts = facetOf(bench, "hosts");
    await hosts.beat(beat("old", begins()));
    const task = await bench.running({}, { hostId: "old" });
    await hosts.beat(beat("new", begins({ begins: { recover: false } })));
    expect(await hostNamed(bench, "old")).toMatchObject({ supersededBy: "new" });
    expect(await bench.store.expire(10)).toEqual([]);
    bench.clock.advance(30_001);
    expect(await bench.store.expire(10)).toMatchObject([{ id: task.id, status: "queued" }]);
  });
};
