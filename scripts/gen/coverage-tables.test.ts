import { expect, it } from "vitest";
import { proofsIn } from "./coverage-tables.ts";

it("reads row ids from the start of a title, several at once, in any quotes", () => {
  const source = [
    'it("R9, F7: 20 parallel enqueues make one task", () => {});',
    "test('Q3: the user\\'s own order', () => {});",
    'it("a title without rows", () => {});',
    'it("says R9: in the middle", () => {});',
  ].join("\n");
  expect(proofsIn("a.test.ts", source)).toEqual([
    { row: "R9", title: "20 parallel enqueues make one task", file: "a.test.ts" },
    { row: "F7", title: "20 parallel enqueues make one task", file: "a.test.ts" },
    { row: "Q3", title: "the user's own order", file: "a.test.ts" },
  ]);
});

it("reads the rows of a title that names a move or an invariant too", () => {
  const source = 'it("M1, R8, I16: a request becomes a task", () => {}); it("I12: no row", () => {});';
  expect(proofsIn("a.test.ts", source)).toEqual([{ row: "R8", title: "a request becomes a task", file: "a.test.ts" }]);
});
