import { describe, expect, it } from "vitest";
import { isTaskError } from "../errors/task-error.ts";
import { createTaskSnapshot, readPlainValues } from "../task/create-task-snapshot.ts";
import { aTask, anId, startOfTests as now } from "../../test/a-task.ts";
import { createSubscriptionBootstrap, parseTaskSubscription } from "./task-subscription.ts";

describe("createSubscriptionBootstrap", () => {
  it("R45: has snapshots, their steps by task, the aggregate, the place and the time", () => {
    const step = {
      id: "1.1",
      taskId: anId(1),
      attempt: 1,
      n: 1,
      kind: "step",
      level: "info",
      message: "m",
      meta: null,
      percent: null,
      at: now,
    } as const;
    const [one, two] = [aTask(), aTask({ id: anId(2) })];
    const withSteps = createTaskSnapshot(one, readPlainValues(one), { now, steps: [step] });
    const without = createTaskSnapshot(two, readPlainValues(two), { now });
    const query = { kinds: ["report.generate"] };
    const parts = { query, snapshots: [withSteps, without], aggregate: null, cursor: "c", now };
    expect(createSubscriptionBootstrap(parts)).toEqual({
      query,
      snapshots: [withSteps, without],
      steps: { [anId(1)]: [step] },
      aggregate: null,
      cursor: "c",
      timestamp: "2026-01-01T00:00:00.000Z",
    });
  });
});

describe("parseTaskSubscription", () => {
  it("fills defaults and keeps what was given", () => {
    const defaults = { recentSteps: 0, includeAggregate: true, includeValues: true, limit: 100, filter: {} };
    expect(parseTaskSubscription(undefined)).toMatchObject(defaults);
    expect(parseTaskSubscription({})).toMatchObject(defaults);
    expect(parseTaskSubscription({ recentSteps: 5, includeAggregate: false, kinds: ["a"] })).toMatchObject({
      recentSteps: 5,
      includeAggregate: false,
      filter: { kinds: ["a"] },
    });
  });

  it.each<[unknown, string]>([
    [null, ""],
    ["x", ""],
    [[], ""],
    [{ recentSteps: -1 }, "recentSteps"],
    [{ recentSteps: 1_001 }, "recentSteps"],
    [{ includeAggregate: 1 }, "includeAggregate"],
    [{ includeValues: "no" }, "includeValues"],
    [{ limit: 0 }, "limit"],
    [{ topic: "x" }, "topic"],
  ])("refuses %j", (query, path) => {
    expect(() => parseTaskSubscription(query)).toThrow(
      expect.toSatisfy((error: unknown) => isTaskError(error, "QUERY_INVALID") && error.details.path === path),
    );
  });
});
