import { aTask } from "@millrace/conformance/builders";
import type { TaskEvent, TaskStatus } from "@millrace/models";
import { describe, expect, it } from "vitest";
import { checkFollowed, checkFollowedOnce, checkOrder } from "./order-checks.ts";

const event = (taskId: string, version: number, statusAfter: TaskStatus): TaskEvent => {
  const about = { tenantId: "", kind: "mail.send", attempt: 1, at: version, channels: [], data: null };
  return { ...about, type: "progress", taskId, version, statusBefore: null, statusAfter, reason: null, hostId: null };
};
const ids = { first: "00000000-0000-4000-8000-000000000001", second: "00000000-0000-4000-8000-000000000002" };

describe("the order of the journal", () => {
  const keyed = [ids.first, ids.second].map((id) => aTask({ id, concurrencyKeys: [{ key: "a", limit: 1 }] }));
  const deduped = [ids.first, ids.second].map((id) => aTask({ id, dedupeKey: "d" }));

  it("finds two leased tasks of one key", () => {
    const events = [event(ids.first, 2, "claimed"), event(ids.second, 2, "claimed")];
    expect(checkOrder(keyed, events)).toMatchObject([{ invariant: "I7", taskId: ids.second }]);
  });

  it("allows one after the other", () => {
    const events = [event(ids.first, 2, "running"), event(ids.first, 3, "queued"), event(ids.second, 2, "claimed")];
    expect(checkOrder(keyed, events)).toEqual([]);
  });

  it("finds two open tasks of one dedupe key, also when one was opened again", () => {
    const events = [
      event(ids.first, 1, "queued"),
      event(ids.first, 2, "cancelled"),
      event(ids.second, 1, "queued"),
      event(ids.first, 3, "queued"),
    ];
    expect(checkOrder(deduped, events.slice(0, 3))).toEqual([]);
    expect(checkOrder(deduped, events)).toMatchObject([{ invariant: "I7", taskId: ids.first }]);
  });
});

describe("a follower of the journal", () => {
  const events = [event(ids.first, 1, "queued"), event(ids.second, 1, "queued"), event(ids.first, 2, "claimed")];

  it("saw everything in the same order", () => {
    expect(checkFollowed(events, events)).toEqual([]);
  });

  it("saw everything once, in an order of its own", () => {
    expect(checkFollowedOnce(events.toReversed(), events)).toEqual([]);
    expect(checkFollowedOnce(events.slice(1), events)).toMatchObject([{ message: expect.stringContaining("missed") }]);
    expect(checkFollowedOnce([...events, ...events.slice(2)], events)).toMatchObject([
      { invariant: "I9", message: expect.stringContaining("2 times") },
    ]);
  });

  it.each([
    ["missed one", events.toSpliced(1, 1), 1],
    ["missed the last", events.slice(0, 2), 2],
    ["saw one more", [...events, event(ids.first, 3, "running")], 3],
    ["saw another order", events.toReversed(), 0],
  ])("%s", (_what, followed, place) => {
    const [violation, ...others] = checkFollowed(followed, events);
    expect(violation).toMatchObject({ invariant: "I9", message: expect.stringContaining(`entry ${place} of 3`) });
    expect(others).toEqual([]);
  });
});
