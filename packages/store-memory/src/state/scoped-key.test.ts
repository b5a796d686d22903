import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scopedKey } from "./scoped-key.ts";

describe("a scoped key", () => {
  const seed = Date.now() % 2 ** 31;

  it(`is the same for the same parts only (seed ${seed})`, () => {
    const parts = fc.array(fc.string({ unit: fc.constantFrom("1", "2", ":", "a") }), { maxLength: 4 });
    const property = fc.property(parts, parts, (one, other) => {
      expect(scopedKey(...one) === scopedKey(...other)).toBe(JSON.stringify(one) === JSON.stringify(other));
    });
    fc.assert(property, { seed, numRuns: 2_000 });
  });
});
