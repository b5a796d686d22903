import { array, assert, constantFrom, nat, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import { createTaskId } from "../ids/task-id.ts";
import { IdMap } from "./id-map.ts";

// Ids of few endings, so that many meet in one place; texts that are no ids have places too.
const ids = [...["a", "b", "c"].flatMap((end) => Array.from({ length: 8 }, (_, n) => `${n}-00${end}`)), "", "x", "é1"];
const aStep = record({ does: constantFrom("set", "delete", "get"), id: constantFrom(...ids), value: nat() });

/** What a map answered, step by step. */
function played(
  steps: readonly { readonly does: string; readonly id: string; readonly value: number }[],
  map: Pick<Map<string, number>, "size" | "get" | "delete"> & { set(id: string, value: number): unknown },
): readonly unknown[] {
  const answers = steps.map(({ does, id, value }) => {
    if (does === "get") return map.get(id);
    if (does === "delete") return map.delete(id);
    map.set(id, value);
    return map.size;
  });
  return [...answers, ...ids.map((id) => map.get(id))];
}

describe("a map by id", () => {
  test("does what a Map does, however much comes and goes", () => {
    assert(
      property(array(aStep, { maxLength: 300 }), (steps) => {
        const map = new IdMap<number>();
        const plain = new Map<string, number>();
        expect(played(steps, map)).toEqual(played(steps, plain));
        expect(map.values().toSorted((a, b) => a - b)).toEqual([...plain.values()].toSorted((a, b) => a - b));
      }),
    );
  });

  test("says what a value takes the place of, and removes only the one that is meant", () => {
    const map = new IdMap<string>();
    expect(map.set("1-00a", "first")).toBeUndefined();
    expect(map.set("2-00a", "other")).toBeUndefined();
    expect(map.set("1-00a", "second")).toBe("first");
    expect(map.delete("1-00a", "first")).toBe(false);
    expect([map.get("1-00a"), map.size]).toEqual(["second", 2]);
    expect(map.delete("1-00a", "second")).toBe(true);
    expect([map.get("1-00a"), map.get("2-00a"), map.size]).toEqual([undefined, "other", 1]);
  });

  test("what stays is kept while 50,000 others pass", () => {
    const map = new IdMap<string>();
    const staying = Array.from({ length: 1_000 }, createTaskId);
    for (const id of staying) map.set(id, `stays ${id}`);
    const passing = Array.from({ length: 50_000 }, createTaskId);
    for (const [n, id] of passing.entries()) {
      map.set(id, "passes");
      if (n >= 300) map.delete(passing[n - 300] ?? "");
    }
    expect(map.size).toBe(1_300);
    for (const id of staying) expect(map.get(id)).toBe(`stays ${id}`);
  });
});
