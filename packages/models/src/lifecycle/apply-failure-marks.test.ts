import { expect, it } from "vitest";
import { applyFailureMarks, compareFailureMarks, takenMarks } from "./apply-failure-marks.ts";

const resolved = { key: "fingerprint:a", state: "resolved", by: "ann", note: null } as const;
const ignored = { key: "fingerprint:a", state: "ignored", untilCount: 10, by: null, note: "known" } as const;

it("a mark takes the place of the one before, also of one in the same batch", () => {
  const old = { ...resolved, at: 1 };
  const first = { ...ignored, at: 5 };
  expect(applyFailureMarks([ignored, resolved], { before: [old], now: 5 })).toEqual([
    { mark: first, before: old },
    { mark: { ...resolved, at: 5 }, before: first },
  ]);
});

it("a mark is taken back once, however often it is named", () => {
  const mark = { ...resolved, at: 1 };
  expect(takenMarks([mark.key, "other", mark.key], [mark])).toEqual([mark, null, null]);
});

it("the newest mark comes first, those of one moment by key", () => {
  const marks = [
    { ...resolved, key: "b", at: 1 },
    { ...resolved, key: "c", at: 2 },
    { ...resolved, key: "a", at: 1 },
  ];
  expect(marks.toSorted(compareFailureMarks).map(({ key }) => key)).toEqual(["c", "a", "b"]);
});
