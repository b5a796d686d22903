import { expect, it } from "vitest";
import { holdingsOf } from "./holdings.ts";
import type { WrittenLine } from "./ledger.ts";

const begin: WrittenLine = { type: "begin", by: "worker-1", taskId: "a", attempt: 1, key: "key-1", at: 10 };
const end: WrittenLine = { type: "end", by: "worker-1", taskId: "a", attempt: 1, at: 50 };
const spanOf = (lines: readonly WrittenLine[], outages: Parameters<typeof holdingsOf>[1] = []): unknown =>
  holdingsOf([begin, ...lines], outages).map(({ from, to, limits }) => [from, to, ...limits]);

it("a worker holds a task from the begin of its handler to its end", () => {
  expect(spanOf([end])).toEqual([[10, 50, "key-1"]]);
});

it("is cut by the first outage or lag of its own worker after the begin, and by a terminate of the task", () => {
  const outages = [
    { worker: "worker-2", at: 12 },
    { worker: "worker-1", at: 5 },
    { worker: "worker-1", at: 30 },
  ];
  expect(spanOf([end], outages)).toEqual([[10, 30, "key-1"]]);
  expect(spanOf([end, { type: "lag", by: "worker-1", at: 20 }], outages)).toEqual([[10, 20, "key-1"]]);
  expect(spanOf([end, { type: "terminate", by: "main", taskId: "a", at: 15 }], outages)).toEqual([[10, 15, "key-1"]]);
  expect(spanOf([end, { type: "terminate", by: "main", taskId: "b", at: 15 }])).toEqual([[10, 50, "key-1"]]);
});

it("tells nothing of a run whose end nobody wrote down, or that has no key", () => {
  expect(spanOf([])).toEqual([]);
  expect(spanOf([{ ...end, by: "worker-2" }])).toEqual([]);
  const { key: _key, ...keyless } = begin;
  expect(holdingsOf([keyless as WrittenLine, end], [])).toEqual([]);
});
