import type { Facet, FacetName } from "@millrace/models";
import { expect } from "vitest";
import type { StoreBench } from "../store-bench.ts";
import type { AddCase, StoreCases } from "../store-cases.ts";
import type { TestTaskStoreOptions } from "../store-under-test.ts";

const names: readonly FacetName[] = [
  "retention",
  "hosts",
  "limits",
  "cursors",
  "schedules",
  "leaseKeeper",
  "txFence",
  "health",
  "waits",
  "activity",
  "storage",
  "failureMarks",
];

/** Whether the store is said to have a facet. */
function hasFacet(options: TestTaskStoreOptions, name: FacetName): boolean {
  return options.capabilities?.missing.includes(name) !== true;
}

/** The facet, which the store is said to have. */
export function facetOf<Name extends FacetName>({ store }: StoreBench, name: Name): Facet<Name> {
  const facet = store.facet(name);
  if (facet === null) throw new Error(`The store has no facet ${name}. Name it in capabilities.missing if that is so.`);
  return facet;
}

/** An `AddCase` for cases that need a facet: none is added when it is said to be missing. */
export function addFacetCase(add: AddCase, options: TestTaskStoreOptions, name: FacetName): AddCase {
  return hasFacet(options, name) ? add : () => {};
}

/** Facets are there, or said to be missing. */
export const facetCases: StoreCases = (add, options) => {
  for (const name of names) {
    const has = hasFacet(options, name);
    add(`the facet ${name} is ${has ? "there" : "said to be missing, and is"}`, async ({ store }) => {
      expect(store.facet(name) !== null).toBe(has);
    });
  }
};
