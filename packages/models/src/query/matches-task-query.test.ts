import { describe, expect, it } from "vitest";
import { anId, aTask, startOfTests as now } from "../../test/a-task.ts";
import { matchesTaskQuery } from "./matches-task-query.ts";
import type { TaskFilter } from "./task-query.ts";

const task = aTask({
  tenantId: "acme",
  kind: "report.generate",
  status: "suspended",
  reason: "signal",
  tags: ["a", "b"],
  channels: ["scope:workspace:42"],
  dedupeKey: "dk",
  supersedeKey: "sk",
  concurrencyKeys: [
    { key: "c1", limit: 1 },
    { key: "c2", limit: 2 },
  ],
  parentId: anId(2),
  rootId: anId(3),
  flowId: "flow",
  origin: { type: "schedule", id: "nightly" },
  hostId: "h",
  failureFingerprint: "f",
});

describe("matchesTaskQuery", () => {
  it.each<[TaskFilter, TaskFilter]>([
    [{ tenantId: "acme" }, { tenantId: "" }],
    [{ taskIds: [anId(9), task.id] }, { taskIds: [anId(9)] }],
    [{ kinds: ["x", "report.generate"] }, { kinds: ["report"] }],
    [{ statuses: ["queued", "suspended"] }, { statuses: ["queued"] }],
    [{ states: ["suspended"] }, { states: ["stale"] }],
    [{ reasons: ["manual", "signal"] }, { reasons: ["manual"] }],
    [{ tags: ["b", "a"] }, { tags: ["a", "c"] }],
    [{ channels: ["x", "scope:workspace:42"] }, { channels: ["scope:workspace"] }],
    [{ channels: ["kind:report.generate"] }, { channels: ["kind:report"] }],
    [{ concurrencyKey: "c2" }, { concurrencyKey: "c3" }],
    [{ dedupeKey: "dk" }, { dedupeKey: "d" }],
    [{ supersedeKey: "sk" }, { supersedeKey: "s" }],
    [{ parentId: anId(2) }, { parentId: anId(3) }],
    [{ rootId: anId(3) }, { rootId: anId(2) }],
    [{ flowId: "flow" }, { flowId: "other" }],
    [{ originType: "schedule" }, { originType: "client" }],
    [{ originId: "nightly" }, { originId: "daily" }],
    [{ hostId: "h" }, { hostId: "i" }],
    [{ failureFingerprint: "f" }, { failureFingerprint: "g" }],
    [{ createdFrom: now }, { createdFrom: now + 1 }],
    [{ createdBefore: now + 1 }, { createdBefore: now }],
  ])("R40: %j matches and %j does not", (hit, miss) => {
    expect(matchesTaskQuery(task, hit, now)).toBe(true);
    expect(matchesTaskQuery(task, miss, now)).toBe(false);
    expect(matchesTaskQuery(task, { ...hit, tenantId: "elsewhere" }, now)).toBe(false);
  });

  it("matches everything with an empty filter and nothing with an empty list", () => {
    expect(matchesTaskQuery(task, {}, now)).toBe(true);
    for (const name of ["taskIds", "kinds", "statuses", "states", "reasons", "tags", "channels"]) {
      expect(matchesTaskQuery(task, { [name]: [] }, now)).toBe(false);
    }
  });

  it("never matches a field that the task does not have", () => {
    const bare = aTask();
    for (const filter of [
      { reasons: ["null"] },
      { dedupeKey: "" },
      { parentId: anId(2) },
      { flowId: "" },
      { originId: "" },
      { hostId: "" },
    ]) {
      expect(matchesTaskQuery(bare, filter, now)).toBe(false);
    }
  });

  it("R40: a task that ended at a moment has finished from that moment, one that has not ended from none", () => {
    const ended = aTask({ status: "failed", finishedAt: now });
    expect(matchesTaskQuery(ended, { finishedFrom: now }, now)).toBe(true);
    expect(matchesTaskQuery(ended, { finishedFrom: now + 1 }, now)).toBe(false);
    expect(matchesTaskQuery(aTask(), { finishedFrom: 0 }, now)).toBe(false);
  });

  it("R43: judges states at the moment given", () => {
    const later = aTask({ scheduledAt: now + 10, failures: 1 });
    expect(matchesTaskQuery(later, { states: ["retrying"] }, now)).toBe(true);
    expect(matchesTaskQuery(later, { states: ["retrying"] }, now + 10)).toBe(false);
    expect(matchesTaskQuery(later, { states: ["queued"] }, now + 10)).toBe(true);
  });

  it("R46: finds a task by every derived channel", () => {
    const channels = [
      `task:${task.id}`,
      "kind:report.generate",
      "dedupe:dk",
      "concurrency:c1",
      "concurrency:c2",
      "supersede:sk",
    ];
    for (const channel of channels) expect(matchesTaskQuery(task, { channels: [channel] }, now)).toBe(true);
  });
});
