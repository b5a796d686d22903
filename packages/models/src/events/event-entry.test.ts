import { describe, expect, it } from "vitest";
import { createTaskSnapshot, readPlainValues } from "../task/create-task-snapshot.ts";
import type { TaskRecord } from "../task/task-record.ts";
import type { TaskStep } from "../task/task-step.ts";
import { aTask, startOfTests as now } from "../../test/a-task.ts";
import {
  createTaskHostEventAdapter,
  createTaskLifecycleEventAdapter,
  normalizeTaskHostEventEntry,
  normalizeTaskLifecycleEventEntry,
  type TaskEventEntry,
} from "./event-entry.ts";
import { toTaskHostEvent, type TaskHostEvent } from "./host-event.ts";
import { toTaskLifecycleEvent, type LifecycleDetails } from "./lifecycle-event.ts";
import { taskEventTypes, type TaskEvent, type TaskEventType } from "./task-event.ts";

const timestamp = "2026-01-01T00:00:00.000Z";
const step: TaskStep = {
  id: "1.1",
  taskId: aTask().id,
  attempt: 1,
  n: 1,
  kind: "checkpoint",
  level: "debug",
  message: "loaded",
  meta: { rows: 3 },
  percent: 20,
  at: now,
};

function anEvent(type: TaskEventType): TaskEvent {
  const { id, tenantId, kind } = aTask();
  return {
    type,
    taskId: id,
    tenantId,
    kind,
    version: 2,
    attempt: 1,
    at: now,
    statusBefore: "queued",
    statusAfter: "claimed",
    reason: null,
    hostId: "h1",
    channels: ["scope:a"],
    data: null,
  };
}

function aSnapshot(over: Partial<TaskRecord> = {}) {
  const task = aTask({ channels: ["scope:a"], ...over });
  return createTaskSnapshot(task, readPlainValues(task), { now });
}

const entryOf = (type: TaskEventType, details: LifecycleDetails = {}): TaskEventEntry =>
  normalizeTaskLifecycleEventEntry(toTaskLifecycleEvent(anEvent(type), details));

describe("toTaskLifecycleEvent", () => {
  it("R48: carries snapshot, step and the result of what ended", () => {
    const snapshot = aSnapshot();
    const event = toTaskLifecycleEvent(anEvent("step"), { snapshot, step });
    expect(event).toMatchObject({ event: "step", snapshot, step, result: null, timestamp, version: 2, hostId: "h1" });
    const results = Object.fromEntries(
      taskEventTypes.flatMap((type) => {
        const { result } = toTaskLifecycleEvent(anEvent(type));
        return result ? [[type, `${result.status} ${result.code}`]] : [];
      }),
    );
    expect(results).toEqual({
      succeeded: "ok task-execution-succeeded",
      failed: "internal task-failed",
      quarantined: "internal task-failed",
      cancelled: "noop task-cancelled",
      expired: "noop task-cancelled",
      retried: "internal task-retry-scheduled",
      lease_lost: "conflict task-lease-lost",
    });
  });
});

describe("normalizeTaskLifecycleEventEntry", () => {
  it.each<[TaskEventType, string, string]>([
    ["enqueued", "info", "Task enqueued"],
    ["claimed", "info", "Task claimed"],
    ["started", "info", "Task started"],
    ["progress", "info", "Task progress updated"],
    ["step", "info", "Task step recorded"],
    ["retried", "warn", "Task scheduled for retry"],
    ["succeeded", "success", "Task succeeded"],
    ["failed", "error", "Task failed"],
    ["cancelled", "warn", "Task cancelled"],
    ["stale", "warn", "Task marked stale"],
    ["lease_lost", "error", "Task lease lost"],
  ])("R49: %s is told as %s: %s", (type, level, message) => {
    expect(entryOf(type)).toMatchObject({ type, level, message, timestamp, runnerId: "h1", kind: "report.generate" });
  });

  it("has words for every event of the journal", () => {
    for (const type of taskEventTypes) expect(entryOf(type).message).toMatch(/^Task [a-z ]+$/);
  });

  it("R49: a step has its own level, message and percent", () => {
    const progress = { percent: 5, label: "l", meta: null, updatedAt: now };
    expect(entryOf("step", { snapshot: aSnapshot({ progress }), step })).toMatchObject({
      level: "debug",
      message: "loaded",
      percent: 20,
      stepId: "1.1",
      metadata: { stepKind: "checkpoint", stepMeta: { rows: 3 }, progressLabel: "l" },
    });
    const silent = { ...step, message: "", percent: null };
    expect(entryOf("step", { snapshot: aSnapshot({ progress }), step: silent })).toMatchObject({
      message: "Task step recorded",
      percent: 5,
    });
  });

  it("R49: metadata drops what is null or an empty list", () => {
    const metadata = entryOf("enqueued", { disposition: "created", supersededTaskIds: [] }).metadata;
    expect(metadata).toEqual({ channels: ["scope:a"], disposition: "created" });
    const more = entryOf("enqueued", { disposition: "superseded", supersededTaskIds: ["x"] }).metadata;
    expect(more).toMatchObject({ disposition: "superseded", supersededTaskIds: ["x"] });
  });

  it("R49: tells output, error and result where they happened and nowhere else", () => {
    const snapshot = aSnapshot({ output: '{"path":"x"}', failure: '{"name":"E","message":"m"}', failures: 1 });
    expect(entryOf("succeeded", { snapshot }).metadata).toMatchObject({
      output: { path: "x" },
      result: { status: "ok", code: "task-execution-succeeded" },
    });
    expect(entryOf("retried", { snapshot }).metadata).toMatchObject({ error: { name: "E", message: "m" } });
    expect(entryOf("claimed", { snapshot }).metadata).not.toHaveProperty("error");
    expect(entryOf("claimed", { snapshot }).metadata).not.toHaveProperty("output");
  });

  it("takes state and derived channels of the snapshot, and the stored channels without one", () => {
    const entry = entryOf("claimed", { snapshot: aSnapshot() });
    expect(entry.state).toBe("queued");
    expect(entry.channels).toEqual(["scope:a", `task:${aTask().id}`, "kind:report.generate"]);
    expect(entryOf("claimed")).toMatchObject({ state: null, percent: null, channels: ["scope:a"] });
  });
});

describe("normalizeTaskHostEventEntry", () => {
  it("R47: task events have the host's names", () => {
    const types = taskEventTypes.map((type) => toTaskHostEvent(toTaskLifecycleEvent(anEvent(type))).type);
    expect(types).toEqual(expect.arrayContaining(["task:enqueued", "task:claimed", "task:running", "task:retry"]));
    expect(types).not.toContain("task:started");
    expect(types).not.toContain("task:retried");
  });

  it("R49: a task event gives the entry its lifecycle event gives", () => {
    const lifecycle = toTaskLifecycleEvent(anEvent("failed"), { snapshot: aSnapshot() });
    const host = toTaskHostEvent(lifecycle);
    expect(normalizeTaskHostEventEntry(host)).toEqual(normalizeTaskLifecycleEventEntry(lifecycle));
  });

  it.each<[TaskHostEvent, Partial<TaskEventEntry>]>([
    [
      { type: "runner:start", runnerId: "r", timestamp },
      { type: "runner_started", level: "info", message: "Task runner started", metadata: null, runnerId: "r" },
    ],
    [
      { type: "runner:stop", runnerId: "r", timestamp },
      { type: "runner_stopped", level: "info", message: "Task runner stopped", metadata: null, taskId: null },
    ],
    [
      { type: "task:stale_requeued", runnerId: "r", timestamp, count: 3 },
      { type: "stale_requeued", level: "warn", message: "Stale tasks requeued", metadata: { count: 3 }, channels: [] },
    ],
  ])("R47, R49: %j", (event, entry) => {
    expect(normalizeTaskHostEventEntry(event)).toMatchObject({ ...entry, timestamp });
  });
});

describe("event adapters", () => {
  it("R50: hand each event on as an entry, with the event", () => {
    const told: unknown[] = [];
    const lifecycle = toTaskLifecycleEvent(anEvent("claimed"));
    createTaskLifecycleEventAdapter((entry, event) => told.push([entry.type, event]))(lifecycle);
    const host: TaskHostEvent = { type: "runner:start", runnerId: "r", timestamp };
    createTaskHostEventAdapter((entry, event) => told.push([entry.type, event]))(host);
    expect(told).toEqual([
      ["claimed", lifecycle],
      ["runner_started", host],
    ]);
  });
});
