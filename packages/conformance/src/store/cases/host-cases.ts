import type { HostBeat } from "@millrace/models";
import { expect } from "vitest";
import type { StoreCases } from "../store-cases.ts";
import { addFacetCase, facetOf } from "./facet-cases.ts";

/** A heartbeat, steady unless it says otherwise. */
export const beat = (hostId: string, change: Partial<HostBeat> = {}): HostBeat => ({
  hostId,
  aliveForMs: 30_000,
  kinds: ["work"],
  slots: 4,
  running: 1,
  state: "running",
  label: `machine of ${hostId}`,
  version: "1.0.0",
  podId: null,
  ...change,
});

/** The registry of hosts. */
export const hostCases: StoreCases = (addAny, options) => {
  const add = addFacetCase(addAny, options, "hosts");

  add("a host is listed with what it said last", async (bench) => {
    const hosts = facetOf(bench, "hosts");
    const startedAt = bench.clock.now();
    expect(await hosts.beat(beat("h1"))).toEqual({ drain: false, supersededBy: null });
    bench.clock.advance(10_000);
    await hosts.beat(beat("h1", { running: 3, kinds: ["work", "other"] }));
    expect(await hosts.list()).toEqual([
      {
        ...beat("h1", { running: 3, kinds: ["work", "other"] }),
        startedAt,
        lastSeenAt: bench.clock.now(),
        aliveUntil: bench.clock.now() + 30_000,
        drainRequestedAt: null,
        supersededAt: null,
        supersededBy: null,
      },
    ]);
  });

  add("the newest host comes first; one not heard of for a day is gone", async (bench) => {
    const hosts = facetOf(bench, "hosts");
    await hosts.beat(beat("h1"));
    bench.clock.advance(1_000);
    await hosts.beat(beat("h2"));
    expect((await hosts.list()).map(({ hostId }) => hostId)).toEqual(["h2", "h1"]);
    bench.clock.advance(86_400_000);
    expect((await hosts.list()).map(({ hostId }) => hostId)).toEqual(["h2"]);
  });

  add("a host is told with its next beat to drain, or to go on", async (bench) => {
    const hosts = facetOf(bench, "hosts");
    await hosts.beat(beat("h1"));
    expect(await hosts.drain("h1", true)).toBe(true);
    expect(await hosts.beat(beat("h1"))).toEqual({ drain: true, supersededBy: null });
    expect((await hosts.list())[0]?.drainRequestedAt).toBe(bench.clock.now());
    await hosts.drain("h1", false);
    expect(await hosts.beat(beat("h1"))).toEqual({ drain: false, supersededBy: null });
    expect(await hosts.drain("nobody", true)).toBe(false);
  });

  add("a host's start and stop are told once", async (bench) => {
    const hosts = facetOf(bench, "hosts");
    await hosts.beat(beat("h1"));
    await hosts.beat(beat("h1"));
    await hosts.beat(beat("h1", { state: "stopped" }));
    const told = (await bench.journal()).filter((event) => event.taskId === null);
    expect(told.map(({ type, hostId }) => [type, hostId])).toEqual([
      ["host_started", "h1"],
      ["host_stopped", "h1"],
    ]);
  });
};
