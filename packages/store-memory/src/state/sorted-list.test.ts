import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SortedList } from "./sorted-list.ts";

const ascending = (a: number, b: number): number => a - b;

describe("a sorted list", () => {
  const seed = Date.now() % 2 ** 31;

  it(`holds what a sorted set would hold, whatever is added and deleted (seed ${seed})`, () => {
    const changes = fc.array(fc.record({ value: fc.nat(2_000), isAdded: fc.boolean() }), {
      maxLength: 3_000,
      size: "max",
    });
    const property = fc.property(changes, (sequence) => {
      const list = new SortedList<number>(ascending);
      const model = new Set<number>();
      for (const { value, isAdded } of sequence) {
        if (isAdded && !model.has(value)) {
          model.add(value);
          list.add(value);
        }
        expect(isAdded || list.delete(value)).toBe(isAdded || model.delete(value));
      }
      const sorted = [...model].toSorted(ascending);
      expect([...list]).toEqual(sorted);
      expect(list.size).toBe(sorted.length);
      expect(list.first()).toBe(sorted[0]);
    });
    fc.assert(property, { seed, numRuns: 30 });
  });

  it("names what stands behind an item, also behind one that has gone", () => {
    const list = new SortedList<number>(ascending);
    for (let value = 0; value < 3_000; value += 2) list.add(value);
    for (let value = -1; value < 2_998; value += 1) expect(list.after(value)).toBe(value + (value % 2 === 0 ? 2 : 1));
    expect(list.after(2_998)).toBeUndefined();
    expect(new SortedList<number>(ascending).after(1)).toBeUndefined();
  });
});
