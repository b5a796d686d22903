import { describe, expect, it } from "vitest";
import { aTask, startOfTests as now } from "../../test/a-task.ts";
import {
  createTaskProgressState,
  createTaskSnapshot,
  readPlainFailure,
  readPlainValue,
  readPlainValues,
  resolveTaskLifecycleState,
} from "./create-task-snapshot.ts";
import { taskState } from "./task-state.ts";

const secret = "token-that-must-not-leak";

describe("createTaskSnapshot", () => {
  it("never shows lease tokens or how earlier attempts ended", () => {
    const task = aTask({
      status: "running",
      hostId: "h",
      leaseToken: secret,
      leaseExpiresAt: now + 1,
      lastLeaseToken: secret,
      lastEndedBy: "owner",
      lastEndedAs: "queued",
      wakePayload: JSON.stringify(secret),
    });
    const snapshot = createTaskSnapshot(task, readPlainValues(task), { now });
    expect(JSON.stringify(snapshot)).not.toContain(secret);
    expect(snapshot).not.toHaveProperty("leaseToken");
    expect(snapshot).not.toHaveProperty("lastEndedBy");
    expect(snapshot).toMatchObject({ hostId: "h", leaseExpiresAt: now + 1, state: "running" });
  });

  it("R42, R46: shows decoded values, derived channels and the steps it is given", () => {
    const task = aTask({
      status: "failed",
      input: '{"a":1}',
      output: "null",
      state: "[2]",
      failure: '{"name":"E","message":"m"}',
      channels: ["scope:a"],
    });
    const snapshot = createTaskSnapshot(task, readPlainValues(task), { now, steps: [] });
    expect(snapshot).toMatchObject({
      input: { a: 1 },
      output: null,
      handlerState: [2],
      failure: { name: "E", message: "m" },
      channels: ["scope:a", `task:${task.id}`, "kind:report.generate"],
      steps: [],
    });
  });

  it("Q6: leaves absent values out, and keeps null as a value", () => {
    const bare = createTaskSnapshot(aTask(), readPlainValues(aTask()), { now });
    expect("input" in bare || "output" in bare || "handlerState" in bare || "steps" in bare).toBe(false);
    expect(bare.failure).toBeNull();
    const task = aTask({ output: "null" });
    expect("output" in createTaskSnapshot(task, readPlainValues(task), { now })).toBe(true);
  });
});

describe("createTaskProgressState", () => {
  it("R28: has the progress with the times that belong to it", () => {
    const progress = { percent: 40, label: "half", meta: { n: 1 }, updatedAt: now - 1 };
    const task = aTask({
      status: "running",
      progress,
      startedAt: now - 5,
      staleAt: now,
      staleReason: "silent",
      lastSignAt: now - 1,
    });
    expect(createTaskProgressState(task, now)).toEqual({
      ...progress,
      state: "stale",
      startedAt: now - 5,
      finishedAt: null,
      retryScheduledAt: null,
      staleAt: now,
      staleReason: "silent",
      lastSignAt: now - 1,
    });
  });

  it("names the next attempt of a task that has failed", () => {
    const task = aTask({ failures: 1, scheduledAt: now + 500 });
    expect(createTaskProgressState(task, now)).toMatchObject({ state: "retrying", retryScheduledAt: now + 500 });
    expect(createTaskProgressState(aTask({ scheduledAt: now + 500 }), now).retryScheduledAt).toBeNull();
  });
});

describe("readPlainValue", () => {
  it("reads JSON text, and says what it cannot read", () => {
    const encoded = { codecId: "aes", bytes: new Uint8Array(1) };
    expect(readPlainValue(null)).toBeUndefined();
    expect(readPlainValue("0")).toBe(0);
    expect(readPlainValue("{")).toEqual({ unreadable: true, codecId: null });
    expect(readPlainValue(encoded)).toEqual({ unreadable: true, codecId: "aes" });
    expect(readPlainFailure(null)).toBeNull();
    expect(readPlainFailure(encoded)).toMatchObject({ name: "Unreadable", message: expect.stringContaining("aes") });
    expect(readPlainFailure("{")).toMatchObject({ name: "Unreadable" });
    expect(readPlainFailure('"boom"')).toEqual({ name: "Error", message: "boom" });
  });
});

it("resolveTaskLifecycleState is taskState", () => {
  expect(resolveTaskLifecycleState).toBe(taskState);
});
