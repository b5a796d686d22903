import { mostDueCounted } from "@millrace/models";
import { expect } from "vitest";
import type { StoreBench } from "../store-bench.ts";
import type { StoreCases } from "../store-cases.ts";
import { addFacetCase, facetOf } from "./facet-cases.ts";
import { beat } from "./host-cases.ts";

/** What the journal says of kinds that nobody serves. */
async function toldOfKinds(bench: StoreBench): Promise<readonly (readonly unknown[])[]> {
  const events = (await bench.journal()).filter((event) => event.taskId === null);
  return events.flatMap((event) =>
    event.taskId === null && event.type.startsWith("kind_") ? [[event.type, event.name, event.data]] : [],
  );
}

/** Kinds that have tasks and no host. */
export const unservedCases: StoreCases = (addAny, options) => {
  const add = addFacetCase(addAny, options, "hosts");

  add("T14: queued kinds that no live host serves are reported, paused ones not", async (bench) => {
    const hosts = facetOf(bench, "hosts");
    await hosts.beat(beat("h1", { kinds: ["work"] }));
    await bench.enqueue({ kind: "work" });
    const orphan = await bench.enqueue({ kind: "orphan" });
    await bench.enqueue({ kind: "orphan" });
    await bench.enqueue({ kind: "future", delayMs: 60_000 });
    await bench.enqueue({ kind: "paused" });
    await bench.store.setKind([{ type: "pause", kind: "paused", by: null, why: null }]);
    expect(await hosts.unserved()).toEqual([{ kind: "orphan", queued: 2, since: orphan.scheduledAt }]);
    bench.clock.advance(30_001);
    expect((await hosts.unserved()).map(({ kind }) => kind).toSorted()).toEqual(["orphan", "work"]);
  });

  add("T14: no more than a thousand due tasks of such a kind are counted", async (bench) => {
    const { scheduledAt: since } = await bench.enqueue({ kind: "a" });
    const tasks = Array.from({ length: mostDueCounted + 1 }, () => bench.request({ kind: "a" }));
    await bench.store.enqueue([{ tasks }]);
    expect(await facetOf(bench, "hosts").unserved()).toEqual([{ kind: "a", queued: mostDueCounted, since }]);
  });

  add("T14: what falls due later counts from then; what is claimed, ended or gone does not count", async (bench) => {
    const hosts = facetOf(bench, "hosts");
    const later = await bench.enqueue({ kind: "later", delayMs: 60_000 });
    const taken = await bench.claimed({ kind: "taken" });
    expect(await hosts.unserved()).toEqual([]);
    bench.clock.advance(60_000);
    expect(await hosts.unserved()).toEqual([{ kind: "later", queued: 1, since: later.scheduledAt }]);
    await bench.succeed(taken);
    await bench.cancel(later.id);
    expect(await hosts.unserved()).toEqual([]);
  });

  add("T14: a host that drains, stops or gave way serves nothing any more", async (bench) => {
    const hosts = facetOf(bench, "hosts");
    await bench.enqueue({ kind: "work" });
    const kinds = async (): Promise<readonly string[]> => (await hosts.unserved()).map(({ kind }) => kind);
    await hosts.beat(beat("h1", { podId: "p" }));
    expect(await kinds()).toEqual([]);
    await hosts.beat(beat("h1", { podId: "p", state: "draining" }));
    expect(await kinds()).toEqual(["work"]);
    await hosts.beat(beat("h1", { podId: "p" }));
    await hosts.beat(beat("h2", { podId: "p", kinds: ["other"], begins: { recover: true } }));
    expect(await kinds()).toEqual(["work"]);
  });

  add(
    "T14: such a kind is told once a spell, to one of those who look, and anew when it has come back",
    async (bench) => {
      const hosts = facetOf(bench, "hosts");
      await bench.enqueue({ kind: "orphan" });
      const first = await hosts.tellUnserved();
      expect(first).toMatchObject([{ kind: "orphan", queued: 1 }]);
      bench.clock.advance(10_000);
      await bench.enqueue({ kind: "orphan" });
      expect(await hosts.tellUnserved()).toEqual([]);
      expect(await toldOfKinds(bench)).toEqual([["kind_unserved", "orphan", 1]]);
      bench.clock.advance(10_000);
      await hosts.beat(beat("h1", { kinds: ["orphan"] }));
      expect(await hosts.tellUnserved()).toEqual([]);
      bench.clock.advance(10_000);
      await hosts.beat(beat("h1", { state: "stopped" }));
      expect(await hosts.tellUnserved()).toMatchObject([{ kind: "orphan", queued: 2 }]);
      expect(await toldOfKinds(bench)).toEqual([
        ["kind_unserved", "orphan", 1],
        ["kind_served", "orphan", null],
        ["kind_unserved", "orphan", 2],
      ]);
    },
  );

  add("T14: hosts that look within ten seconds of each other share one look", async (bench) => {
    const hosts = facetOf(bench, "hosts");
    expect(await hosts.tellUnserved()).toEqual([]);
    await bench.enqueue({ kind: "orphan" });
    bench.clock.advance(9_999);
    expect(await hosts.tellUnserved()).toEqual([]);
    bench.clock.advance(1);
    const answers = await Promise.all(Array.from({ length: 5 }, () => hosts.tellUnserved()));
    expect(answers.flat()).toMatchObject([{ kind: "orphan", queued: 1 }]);
  });
};
