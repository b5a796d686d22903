import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PassingMap } from "./passing-map.ts";

describe("a map for what passes", () => {
  test("does what a Map does, however much comes and goes", () => {
    const step = fc.record({
      type: fc.constantFrom("set", "set", "set", "delete", "get"),
      key: fc.nat({ max: 40 }),
      times: fc.nat({ max: 60 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const map = new PassingMap<number, number>();
        const plain = new Map<number, number>();
        let value = 0;
        for (const { type, key, times } of steps) {
          if (type === "get") expect(map.get(key)).toBe(plain.get(key));
          else if (type === "delete") expect(map.delete(key)).toBe(plain.delete(key));
          else {
            for (let n = 0; n <= times; n += 1) {
              value += 1;
              map.set(key + n, value);
              plain.set(key + n, value);
            }
          }
          expect(map.size).toBe(plain.size);
        }
        expect(map.values().toSorted()).toEqual([...plain.values()].toSorted());
      }),
    );
  });

  test("what stays is kept while 100,000 others pass", () => {
    const map = new PassingMap<number, string>();
    for (let key = 0; key < 1_000; key += 1) map.set(-key - 1, `stays ${key}`);
    for (let key = 0; key < 100_000; key += 1) {
      map.set(key, "passes");
      if (key >= 300) map.delete(key - 300);
    }
    expect(map.size).toBe(1_300);
    for (let key = 0; key < 1_000; key += 1) expect(map.get(-key - 1)).toBe(`stays ${key}`);
  });
});
