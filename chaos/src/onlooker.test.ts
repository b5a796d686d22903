import { aTask } from "@millrace/conformance/builders";
import type { TaskRecord, TaskStore } from "@millrace/models";
import { expect, it } from "vitest";
import { lookOn } from "./onlooker.ts";

const ids = ["00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"] as const;
const look = async (leased: readonly TaskRecord[], open: readonly TaskRecord[] = []): Promise<unknown> => {
  const pages = [leased, open];
  const read: TaskStore["read"] = () =>
    Promise.resolve({ tasks: pages.shift() ?? [], next: null, previous: null } as never);
  return (await lookOn({ store: { read }, until: () => pages.length === 0 })).map(({ invariant, taskId }) => [
    invariant,
    taskId,
  ]);
};

it("finds two that hold a key at one moment", async () => {
  const [first, second] = ids.map((id) => aTask({ id, status: "running", concurrencyKeys: [{ key: "a", limit: 1 }] }));
  if (!first || !second) return;
  expect(await look([first])).toEqual([]);
  expect(await look([first, second])).toEqual([["I7", ids[1]]]);
});

it("finds two open tasks of one dedupe key", async () => {
  const [first, second] = ids.map((id) => aTask({ id, dedupeKey: "d" }));
  if (!first || !second) return;
  expect(await look([], [first, aTask({ id: ids[1], dedupeKey: "e" })])).toEqual([]);
  expect(await look([], [first, second])).toEqual([["I7", ids[1]]]);
});
