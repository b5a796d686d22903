import { array, assert, constantFrom, dictionary, property } from "fast-check";
import { expect, it } from "vitest";
import { findGroupCircle } from "./group-circle.ts";

const circleOf = (waits: Readonly<Record<string, readonly string[]>>): readonly string[] | null =>
  findGroupCircle(new Map(Object.entries(waits)));

it("finds none in chains, diamonds, and waits for tasks outside the group", () => {
  expect(circleOf({})).toBeNull();
  expect(circleOf({ a: [], b: ["a"], c: ["b", "old"] })).toBeNull();
  expect(circleOf({ join: ["left", "right"], left: ["top"], right: ["top"], top: [] })).toBeNull();
});

it("names the circle from its first task on, and not who only waits for it", () => {
  expect(circleOf({ a: ["a"] })).toEqual(["a", "a"]);
  expect(circleOf({ waiter: ["c"], b: ["a"], a: ["c"], c: ["b"] })).toEqual(["b", "a", "c", "b"]);
  expect(circleOf({ a: ["b", "b"], b: ["x", "a"] })).toEqual(["a", "b", "a"]);
});

it("finds one exactly when there is one, each task of it waiting for the next", () => {
  const ids = ["a", "b", "c", "d", "e", "f"];
  const someWaits = dictionary(constantFrom(...ids), array(constantFrom(...ids, "old"), { maxLength: 3 }));
  assert(
    property(someWaits, (waits) => {
      const reaches = (from: string, to: string, seen: Set<string>): boolean =>
        (waits[from] ?? []).some((next) => {
          if (next === to) return true;
          if (seen.has(next)) return false;
          seen.add(next);
          return reaches(next, to, seen);
        });
      const circle = circleOf(waits);
      expect(circle !== null).toBe(Object.keys(waits).some((id) => reaches(id, id, new Set())));
      if (!circle) return;
      expect(circle[0]).toBe(circle.at(-1));
      expect(new Set(circle).size).toBe(circle.length - 1);
      for (const [place, id] of circle.slice(1).entries()) expect(waits[circle[place] ?? ""]).toContain(id);
    }),
  );
});

it("looks at each wait once: a chain of 100,000 is no matter", () => {
  const ids = Array.from({ length: 100_000 }, (_, n) => `t${n}`);
  const waits = new Map(ids.map((id, n) => [id, n === 0 ? [] : [`t${n - 1}`]]));
  expect(findGroupCircle(waits)).toBeNull();
});
