import { expect, test } from "vitest";
import { PlacedList } from "./placed-list.ts";

test("a list of placed items keeps those that came and did not go", () => {
  const list = new PlacedList<{ place: number; readonly name: string }>();
  const items = ["a", "b", "c", "d"].map((name) => ({ place: 0, name }));
  const [a, b, c, d] = items;
  if (!a || !b || !c || !d) throw new RangeError("four items were made");
  for (const item of items) list.add(item);
  const before = list.values();
  expect(list.delete(b)).toBe(true);
  expect(list.delete(b)).toBe(false);
  expect(list.delete(d)).toBe(true);
  expect(list.values().map(({ name }) => name)).toEqual(["a", "c"]);
  expect(before).toEqual(items);
  list.add(b);
  for (const item of [a, c, b]) expect(list.delete(item)).toBe(true);
  expect(list.size).toBe(0);
  expect(list.delete(a)).toBe(false);
});
