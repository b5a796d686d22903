import {
  createManualClock,
  isTaskError,
  longestFailureKey,
  mostFailureMarks,
  mostFailuresCounted,
} from "@millrace/models";
import { createMemoryTaskStore } from "@millrace/store-memory";
import { describe, expect, it } from "vitest";
import { createMarksSide } from "./marks-side.ts";

const key = "fingerprint:0011223344556677";

async function refusal(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return isTaskError(error) ? [error.code, error.details["path"]] : error;
  }
  return null;
}

describe("failure marks of a client", () => {
  it("are set, listed and taken back, with null for what is not given", async () => {
    const clock = createManualClock();
    const client = createMarksSide(createMemoryTaskStore({ clock }));
    const mark = { key, state: "ignored", untilCount: 10, by: "ann", note: null, at: clock.now() } as const;
    const answers = await client.markFailures([{ key, state: "ignored", untilCount: 10, by: "ann" }]);
    expect(answers).toEqual([{ mark, before: null }]);
    expect(await client.listFailureMarks()).toEqual([mark]);
    expect(await client.unmarkFailures([key, "reason:"])).toEqual([mark, null]);
    expect(await client.listFailureMarks()).toEqual([]);
  });

  it.each([
    [{ key: "", state: "resolved" }, "marks[0].key"],
    [{ key: "k".repeat(longestFailureKey + 1), state: "resolved" }, "marks[0].key"],
    [{ key, state: "open" }, "marks[0].state"],
    [{ key, state: "resolved", untilCount: 3 }, "marks[0].untilCount"],
    [{ key, state: "ignored", untilCount: 0 }, "marks[0].untilCount"],
    [{ key, state: "ignored", untilCount: mostFailuresCounted + 1 }, "marks[0].untilCount"],
    [{ key, state: "ignored", note: "a\nb" }, "marks[0].note"],
    [{ key, state: "ignored", by: "" }, "marks[0].by"],
    [{ key, state: "ignored", until: 3 }, "marks[0].until"],
    [null, "marks[0]"],
  ])("refuses %j and says where it is wrong", async (mark, path) => {
    const client = createMarksSide(createMemoryTaskStore());
    expect(await refusal(client.markFailures([mark as never]))).toEqual(["OPTION_INVALID", path]);
    expect(await client.listFailureMarks()).toEqual([]);
  });

  it("are at most so many at once", async () => {
    const client = createMarksSide(createMemoryTaskStore());
    const keys = Array.from({ length: mostFailureMarks + 1 }, (_, n) => `k${n}`);
    const marks = keys.map((one) => ({ key: one, state: "resolved" }) as const);
    expect(await refusal(client.markFailures(marks))).toEqual(["OPTION_INVALID", "marks"]);
    expect(await refusal(client.unmarkFailures(keys))).toEqual(["OPTION_INVALID", "keys"]);
    expect(await refusal(client.unmarkFailures([null as never]))).toEqual(["OPTION_INVALID", "keys[0]"]);
  });

  it("need a store that keeps them", async () => {
    const client = createMarksSide({ ...createMemoryTaskStore(), facet: () => null });
    for (const work of [client.listFailureMarks(), client.markFailures([]), client.unmarkFailures([])]) {
      expect(await refusal(work)).toEqual(["FACET_MISSING", undefined]);
    }
  });
});
