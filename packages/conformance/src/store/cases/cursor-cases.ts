import { expect } from "vitest";
import type { StoreCases } from "../store-cases.ts";
import { addFacetCase, facetOf } from "./facet-cases.ts";

/** Durable places of journal readers. */
export const cursorCases: StoreCases = (addAny, options) => {
  const add = addFacetCase(addAny, options, "cursors");

  add("a cursor is saved, loaded, listed and forgotten", async (bench) => {
    const cursors = facetOf(bench, "cursors");
    expect(await cursors.load("audit")).toBeNull();
    const { cursor } = await bench.store.read({});
    await cursors.save("audit", cursor);
    await bench.enqueue();
    bench.clock.advance(5);
    const later = await bench.store.read({});
    await cursors.save("audit", later.cursor);
    await cursors.save("metrics", cursor);
    expect(await cursors.load("audit")).toBe(later.cursor);
    expect((await cursors.list()).toSorted((a, b) => a.consumer.localeCompare(b.consumer))).toEqual([
      { consumer: "audit", cursor: later.cursor, savedAt: bench.clock.now() },
      { consumer: "metrics", cursor, savedAt: bench.clock.now() },
    ]);
    await cursors.forget("audit");
    await cursors.forget("audit");
    expect(await cursors.load("audit")).toBeNull();
    expect(await cursors.load("metrics")).toBe(cursor);
  });

  add("a saved cursor goes on where it stood", async (bench) => {
    const cursors = facetOf(bench, "cursors");
    await bench.enqueueMany(3);
    const page = await bench.store.events("", 2);
    await cursors.save("audit", page.cursor);
    const rest = await bench.store.events((await cursors.load("audit")) ?? "", 10);
    expect(rest.status === "events" && rest.events.length).toBe(1);
  });
};
