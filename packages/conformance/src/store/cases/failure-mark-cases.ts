import { mostFailureMarks, type FailureMarkAsk } from "@millrace/models";
import { expect } from "vitest";
import type { StoreCases } from "../store-cases.ts";
import { addFacetCase, facetOf } from "./facet-cases.ts";

function resolvedMark(key: string): FailureMarkAsk {
  return { key, state: "resolved", by: "ann", note: null };
}

function ignoredMark(key: string, untilCount: number | null): FailureMarkAsk {
  return { key, state: "ignored", untilCount, by: null, note: 'known: "µ"' };
}

/** What operators say of failures. */
export const failureMarkCases: StoreCases = (addAny, options) => {
  const add = addFacetCase(addAny, options, "failureMarks");

  add("a store begins without marks, and asking for nothing does nothing", async (bench) => {
    const marks = facetOf(bench, "failureMarks");
    expect([await marks.list(), await marks.set([]), await marks.remove([])]).toEqual([[], [], []]);
  });

  add("marks of every sort are kept whole, at the moment of the store's clock", async (bench) => {
    const marks = facetOf(bench, "failureMarks");
    const at = bench.clock.now();
    const asks = [resolvedMark("fingerprint:1"), ignoredMark("fingerprint:2", 2_120), ignoredMark("reason:LOST", null)];
    const answers = await marks.set(asks);
    expect(answers).toEqual(asks.map((ask) => ({ mark: { ...ask, at }, before: null })));
    const listed = await marks.list();
    expect(listed).toEqual(asks.map((ask) => ({ ...ask, at })));
    expect([listed, ...listed, ...answers].every((one) => Object.isFrozen(one))).toBe(true);
  });

  add("a mark takes the place of the one of its key, and tells it", async (bench) => {
    const marks = facetOf(bench, "failureMarks");
    await marks.set([resolvedMark("a")]);
    const [before] = await marks.list();
    bench.clock.advance(5);
    const mark = { ...ignoredMark("a", 10), at: bench.clock.now() };
    expect(await marks.set([ignoredMark("a", 10)])).toEqual([{ mark, before }]);
    expect(await marks.list()).toEqual([mark]);
  });

  add("the same ask once more is one mark, of the later moment", async (bench) => {
    const marks = facetOf(bench, "failureMarks");
    await marks.set([resolvedMark("a")]);
    bench.clock.advance(5);
    await marks.set([resolvedMark("a")]);
    expect(await marks.list()).toEqual([{ ...resolvedMark("a"), at: bench.clock.now() }]);
  });

  add("of one key in one batch the last ask counts, and each is answered in its place", async (bench) => {
    const marks = facetOf(bench, "failureMarks");
    const at = bench.clock.now();
    const [first, other, last] = [resolvedMark("a"), resolvedMark("b"), ignoredMark("a", 3)];
    expect(await marks.set([first, other, last])).toEqual([
      { mark: { ...first, at }, before: null },
      { mark: { ...other, at }, before: null },
      { mark: { ...last, at }, before: { ...first, at } },
    ]);
    expect(await marks.list()).toEqual([
      { ...last, at },
      { ...other, at },
    ]);
  });

  add("a mark is taken back once; a key that has none is null", async (bench) => {
    const marks = facetOf(bench, "failureMarks");
    const at = bench.clock.now();
    await marks.set([resolvedMark("a"), resolvedMark("b")]);
    const taken = { ...resolvedMark("a"), at };
    expect(await marks.remove(["nobody", "a", "a"])).toEqual([null, taken, null]);
    expect(await marks.remove(["a"])).toEqual([null]);
    expect(await marks.list()).toEqual([{ ...resolvedMark("b"), at }]);
  });

  add("the newest come first, those of one moment by key", async (bench) => {
    const marks = facetOf(bench, "failureMarks");
    for (const keys of [["reason:Z", "fingerprint:b"], ["fingerprint:c"], ["reason:Z", "B", "fingerprint:a"]]) {
      await marks.set(keys.map(resolvedMark));
      bench.clock.advance(1);
    }
    const keys = (await marks.list()).map(({ key }) => key);
    expect(keys).toEqual(["B", "fingerprint:a", "reason:Z", "fingerprint:c", "fingerprint:b"]);
  });

  add("of more than are kept the oldest go first, those of one moment from behind", async (bench) => {
    const marks = facetOf(bench, "failureMarks");
    await marks.set(["old", "older", "oldest"].map(resolvedMark));
    bench.clock.advance(1);
    const many = Array.from({ length: mostFailureMarks - 1 }, (_, n) => resolvedMark(`k${n}`));
    expect(await marks.set(many)).toHaveLength(many.length);
    const listed = await marks.list();
    expect(listed).toHaveLength(mostFailureMarks);
    expect(listed.at(-1)?.key).toBe("old");
    await marks.set([resolvedMark("k1")]);
    expect((await marks.list()).at(-1)?.key).toBe("old");
    await marks.set([resolvedMark("new")]);
    const after = await marks.list();
    expect(after).toHaveLength(mostFailureMarks);
    expect(after.some(({ key }) => key === "old")).toBe(false);
  });

  add("no task is changed by a mark, and nothing is told", async (bench) => {
    const task = await bench.running();
    await bench.fail(task);
    const before = await bench.record(task.id);
    const { length } = await bench.journal();
    await facetOf(bench, "failureMarks").set([resolvedMark("fingerprint:Error")]);
    await facetOf(bench, "failureMarks").remove(["fingerprint:Error"]);
    expect(await bench.record(task.id)).toEqual(before);
    expect(await bench.journal()).toHaveLength(length);
  });

  add("marks of many at once are all kept", async (bench) => {
    const marks = facetOf(bench, "failureMarks");
    const keys = Array.from({ length: 8 }, (_, n) => `k${n}`);
    await Promise.all(keys.map((key, n) => marks.set([...keys.slice(n), key, ...keys.slice(0, n)].map(resolvedMark))));
    expect((await marks.list()).map(({ key }) => key)).toEqual(keys);
  });

  add("marks are there after a restart", async (bench) => {
    if (!bench.canReopen) return;
    await facetOf(bench, "failureMarks").set([ignoredMark("a", 7)]);
    const at = bench.clock.now();
    await bench.reopen();
    expect(await facetOf(bench, "failureMarks").list()).toEqual([{ ...ignoredMark("a", 7), at }]);
  });
};
