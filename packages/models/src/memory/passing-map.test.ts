import { array, assert, constantFrom, nat, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import { PassingMap } from "./passing-map.ts";

const aStep = record({
  does: constantFrom("set", "set", "set", "delete", "get"),
  key: nat({ max: 40 }),
  times: nat({ max: 60 }),
});

/** What a map answered, step by step, and what it holds in the end. */
function played(
  steps: readonly { readonly does: string; readonly key: number; readonly times: number }[],
  map: Pick<Map<number, number>, "size" | "get" | "delete"> & { set(key: number, value: number): unknown },
): readonly unknown[] {
  let value = 0;
  const answers = steps.map(({ does, key, times }) => {
    if (does === "get") return map.get(key);
    if (does === "delete") return map.delete(key);
    for (let n = 0; n <= times; n += 1) map.set(key + n, (value += 1));
    return map.size;
  });
  return [...answers, ...Array.from({ length: 101 }, (_, key) => map.get(key))];
}

describe("a map for what passes", () => {
  test("does what a Map does, however much comes and goes", () => {
    assert(
      property(array(aStep, { maxLength: 200 }), (steps) => {
        const map = new PassingMap<number, number>();
        const plain = new Map<number, number>();
        expect(played(steps, map)).toEqual(played(steps, plain));
        expect(new Set(map.values())).toEqual(new Set(plain.values()));
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
