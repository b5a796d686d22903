import { describe, expect, it } from "vitest";
import { anId, aRequest, startOfTests as now } from "../../test/a-task.ts";
import { enqueuedEvent, newTask } from "./new-task.ts";

const dependencies = [{ taskId: anId(9), onFailure: "continue" as const }];

describe("newTask", () => {
  it("Q16: is due at an absolute time, or after a delay by the store's clock", () => {
    expect(newTask(aRequest({ scheduledAt: now + 9, delayMs: 5 }), 0, now).scheduledAt).toBe(now + 9);
    expect(newTask(aRequest({ delayMs: 5 }), 0, now).scheduledAt).toBe(now + 5);
  });

  it("expires at an absolute time, after a while, or never", () => {
    expect(newTask(aRequest({ expiresAt: 7, expiresInMs: 5 }), 0, now).expiresAt).toBe(7);
    expect(newTask(aRequest({ expiresInMs: 5 }), 0, now).expiresAt).toBe(now + 5);
    expect(newTask(aRequest(), 0, now).expiresAt).toBeNull();
  });

  it("is blocked while a dependency is open, with the deadline of that wait", () => {
    expect(newTask(aRequest({ dependencies, waitTimeoutMs: 50 }), 1, now)).toMatchObject({
      status: "blocked",
      reason: "dependencies",
      openDependencies: 1,
      wakeAt: now + 50,
      wakeReason: null,
    });
    expect(newTask(aRequest({ dependencies }), 1, now).wakeAt).toBeNull();
  });

  it("is queued when all dependencies are final already, and says that it had some", () => {
    expect(newTask(aRequest({ dependencies, waitTimeoutMs: 50 }), 0, now)).toMatchObject({
      status: "queued",
      reason: null,
      wakeAt: null,
      wakeReason: "dependencies",
    });
    expect(newTask(aRequest(), 0, now).wakeReason).toBeNull();
  });

  it("is its own root unless it is told another", () => {
    expect(newTask(aRequest(), 0, now).rootId).toBe(anId(1));
    expect(newTask(aRequest({ rootId: anId(2), parentId: anId(3) }), 0, now)).toMatchObject({
      rootId: anId(2),
      parentId: anId(3),
    });
  });

  it("keeps a dedupe window from now", () => {
    expect(newTask(aRequest({ dedupeForMs: 5 }), 0, now).dedupeUntil).toBe(now + 5);
    expect(newTask(aRequest(), 0, now).dedupeUntil).toBeNull();
  });

  it("starts at version 1, which `enqueued` tells", () => {
    const task = newTask(aRequest({ dependencies }), 1, now);
    expect(enqueuedEvent(task)).toEqual({
      type: "enqueued",
      version: 1,
      attempt: 0,
      at: now,
      statusBefore: null,
      statusAfter: "blocked",
      reason: "dependencies",
      hostId: null,
      data: null,
    });
    expect(task.version).toBe(1);
  });
});
