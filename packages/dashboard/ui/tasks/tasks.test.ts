import { parseQueryText } from "@millrace/http";
import { expect, it } from "vitest";
import type { ListedTask } from "../api/answers.ts";
import { ageTerm, isOfAge } from "./age-term.ts";
import { bulkTitle, needsTyping } from "./bulk-words.ts";
import { lastList } from "./last-list.ts";
import { markAt, placeOfMark } from "./row-mark.ts";
import { rowsToShow } from "./row-order.ts";
import { afterClick, extentOf, withRows } from "./selection.ts";
import { summaryOf, timesOf } from "./task-summary.ts";

const row = (id: string, version = 1): ListedTask => ({ id, version }) as ListedTask;
const rows = ["a", "b", "c", "d"].map((id) => row(id));
const none: ReadonlyMap<string, ListedTask> = new Map();

it("selects one, a range up to there, and all of a page", () => {
  const one = afterClick(none, rows, { index: 1, from: null, isRange: true });
  expect([...one.keys()]).toEqual(["b"]);
  const range = afterClick(one, rows, { index: 3, from: "b", isRange: true });
  expect([...range.keys()]).toEqual(["b", "c", "d"]);
  expect([...afterClick(range, rows, { index: 1, from: "d", isRange: true }).keys()]).toEqual([]);
  expect([extentOf(none, rows), extentOf(range, rows), extentOf(withRows(range, rows, true), rows)]).toEqual([
    "none",
    "some",
    "all",
  ]);
  expect([...afterClick(none, rows, { index: 2, from: "gone", isRange: true }).keys()]).toEqual(["c"]);
  expect(afterClick(one, rows, { index: 9, from: null, isRange: false })).toBe(one);
});

it("knows a row by its task, wherever that has moved to, and by its place once it is gone", () => {
  expect([markAt(rows, 2), markAt(rows, 9)]).toEqual([{ taskId: "c", index: 2 }, null]);
  const mark = { taskId: "c", index: 2 };
  expect(placeOfMark([row("new"), ...rows], mark)).toBe(3);
  expect([placeOfMark([row("a"), row("b")], mark), placeOfMark([], mark), placeOfMark(rows, null)]).toEqual([1, 0, 0]);
});

it("keeps rows where they are while they are held, each as new as it is known, and counts what is behind them", () => {
  const latest = [row("new"), row("a", 2), row("c", 0)];
  expect(rowsToShow(rows, latest, false)).toEqual({ rows: latest, fresh: 0 });
  const { rows: shown, fresh } = rowsToShow(rows, latest, true);
  expect([shown.map(({ id, version }) => `${id}${version}`), fresh]).toEqual([["a2", "b1", "c1", "d1"], 1]);
});

it("asks with verb, count and scope, and has the count typed where it is large or cannot be taken back", () => {
  const scope = { count: 2_114, isExact: true, q: "state:failed", environment: "PROD" };
  expect(bulkTitle("retry", scope)).toBe("Retry 2,114 tasks matching state:failed in PROD?");
  expect(bulkTitle("remove", { ...scope, count: 1, isExact: false, q: "", environment: null })).toBe(
    "Remove at least 1 task of all tasks?",
  );
  expect([
    needsTyping("retry", 1_000, true),
    needsTyping("retry", 1_001, false),
    needsTyping("remove", 1, true),
  ]).toEqual([false, true, true]);
});

it("a summary has what its author said and what it does or died of", () => {
  const task = {
    summary: "cus_7",
    tags: [],
    state: "failed",
    failure: { name: "E", code: "X", message: "no\u0000" },
    progress: { label: null },
  };
  expect(summaryOf(task as unknown as ListedTask)).toBe("cus_7 · X: no␀");
  expect(
    summaryOf({
      ...task,
      state: "running",
      progress: { label: "page 3" },
      summary: null,
      tags: ["a", "b", "c"],
    } as unknown as ListedTask),
  ).toBe("a b · page 3");
});

it("times are never below nothing, and what waited for its hour did not wait for anybody", () => {
  const task = {
    createdAt: 0,
    scheduledAt: 5_000,
    startedAt: 6_000,
    finishedAt: 5_500,
    state: "succeeded",
  } as ListedTask;
  expect(timesOf(task, 9_000)).toEqual({ waitedMs: 1_000, ranMs: 0 });
  expect(timesOf({ ...task, startedAt: null, finishedAt: null, state: "queued" }, 9_000)).toEqual({
    waitedMs: 4_000,
    ranMs: null,
  });
});

it("a part of time is a range of ages that the server reads", () => {
  const now = 100 * 60_000;
  const terms = [ageTerm(now - 30 * 60_000, { now, partMs: 1_800_000 }), ageTerm(0, { now, partMs: 1_800_000 })];
  expect(terms).toEqual(["<30m", "70m..100m"]);
  const partsOf = (term: string): readonly number[] =>
    [0, 30, 60, 90].filter((minute) => isOfAge(term, minute * 60_000, { now, partMs: 1_800_000 }));
  expect([partsOf("<30m"), partsOf("70m..100m"), partsOf("10m..100m"), isOfAge(">1d", 0, { now, partMs: 1 })]).toEqual([
    [60, 90],
    [0],
    [0, 30, 60],
    null,
  ]);
  for (const term of terms) expect(parseQueryText(`age:${term}`)[0]?.values).toEqual([term]);
});

it("goes through the list that somebody came from", () => {
  lastList.set(["a", "b"]);
  expect([lastList.beside("a", 1), lastList.beside("b", 1), lastList.beside("x", 1)]).toEqual(["b", null, null]);
});
