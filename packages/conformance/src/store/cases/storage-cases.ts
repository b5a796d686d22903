import { expect } from "vitest";
import type { StoreCases } from "../store-cases.ts";
import { addFacetCase, facetOf } from "./facet-cases.ts";

/** What a store says of itself. */
export const storageCases: StoreCases = (addAny, options) => {
  const add = addFacetCase(addAny, options, "storage");

  add("says what it keeps its tasks in, of the schema that its code needs", async (bench) => {
    const report = await facetOf(bench, "storage").read();
    expect(Object.isFrozen(report)).toBe(true);
    expect(report.type).toMatch(/^[a-z][a-z0-9-]*$/);
    // Tables have a version, and a database of some version around them; both or neither.
    expect(report.schemaVersion).toBe(report.schemaNeeded);
    if (report.schemaVersion === null) return;
    expect(report.schemaVersion).toBeGreaterThan(0);
    expect(report.version).toMatch(/^[0-9]+\.[0-9]+/);
  });

  add("knows how much room it takes up as of now, or says that it does not", async (bench) => {
    const storage = facetOf(bench, "storage");
    const before = (await storage.read()).sizeBytes;
    const input = JSON.stringify(incompressibleText(8_000));
    // A file may have room in it that earlier tasks left. It has to grow once as much is written as it held in all.
    let written = 0;
    let after = before;
    do {
      await bench.enqueueMany(200, { input });
      written += 200 * input.length;
      after = (await storage.read()).sizeBytes;
      if (before === null || after === null) return expect([before, after]).toEqual([null, null]);
    } while (after <= before && written <= before);
    expect(after).toBeGreaterThan(before);
    expect(after).toBeGreaterThan(written);
  });
};

/** Text that a database which compresses keeps about as it is. */
function incompressibleText(length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array((length / 4) * 3));
  return btoa(String.fromCharCode(...bytes));
}
