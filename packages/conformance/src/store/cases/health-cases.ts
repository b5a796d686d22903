import type { HealthFinding, StoreHealth } from "@millrace/models";
import { expect } from "vitest";
import type { StoreCases } from "../store-cases.ts";
import { addFacetCase, facetOf } from "./facet-cases.ts";

/** What others on the same server do to it is not of the store's making. */
const ofOthers: ReadonlySet<HealthFinding["code"]> = new Set<HealthFinding["code"]>(["HORIZON_HELD", "DEAD_ROWS"]);

const ownFindings = ({ findings }: StoreHealth): readonly HealthFinding[] =>
  findings.filter(({ code }) => !ofOthers.has(code));

/** How well the database is. */
export const healthCases: StoreCases = (addAny, options) => {
  const add = addFacetCase(addAny, options, "health");

  add("finds nothing wrong with what it has made itself, however thorough the look", async (bench) => {
    const health = facetOf(bench, "health");
    await bench.enqueueMany(20);
    for (const look of [await health.look(), await health.look({ thorough: true })]) {
      expect(Object.isFrozen(look) && Object.isFrozen(look.findings)).toBe(true);
      expect(ownFindings(look)).toEqual([]);
    }
  });

  add("answers all who look at once, while tasks go on", async (bench) => {
    const health = facetOf(bench, "health");
    const looks = [1, 2, 3].map(() => health.look({ thorough: true }));
    await bench.enqueueMany(20);
    expect(await bench.claim()).not.toEqual([]);
    expect((await Promise.all(looks)).flatMap(ownFindings)).toEqual([]);
    expect(ownFindings(await health.look({ thorough: true }))).toEqual([]);
  });
};
