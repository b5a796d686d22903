import type { TaskLiveMessage } from "@millrace/models";
import { expect, it } from "vitest";
import { createMessageQueue } from "./message-queue.ts";

function anEvent(taskId: string, event: string, version: number): TaskLiveMessage {
  return { type: "event", event: { event, taskId, version }, matches: true } as TaskLiveMessage;
}

const versions = (queue: ReturnType<typeof createMessageQueue>): unknown[] => {
  const found: unknown[] = [];
  for (let message = queue.shift(); message; message = queue.shift()) {
    found.push(message.type === "event" ? `${message.event.taskId}${message.event.version}` : message.type);
  }
  return found;
};

it("keeps of a task's progress only the newest, at the end, and everything else", () => {
  const queue = createMessageQueue({ maxQueuedEvents: 100, maxQueuedBytes: 1_000 });
  for (const [task, type, version] of [
    ["a", "progress", 1],
    ["b", "progress", 1],
    ["a", "step", 2],
    ["a", "progress", 3],
    ["a", "progress", 4],
    ["b", "succeeded", 2],
  ] as const)
    expect(queue.push(anEvent(task, type, version), 10)).toBe(true);
  expect(queue.size).toBe(4);
  expect(queue.fill).toBe(0.04);
  expect(versions(queue)).toEqual(["b1", "a2", "a4", "b2"]);
  expect(queue.fill).toBe(0);
});

it("refuses what is too many or too much, and stays as it was", () => {
  const queue = createMessageQueue({ maxQueuedEvents: 3, maxQueuedBytes: 100 });
  expect(queue.push(anEvent("a", "step", 1), 90)).toBe(true);
  expect(queue.push(anEvent("a", "step", 2), 11)).toBe(false);
  expect(queue.push(anEvent("a", "progress", 2), 5)).toBe(true);
  expect(queue.push(anEvent("b", "step", 1), 5)).toBe(true);
  expect(queue.push(anEvent("c", "step", 1), 0.1)).toBe(false);
  // Progress that takes the place of progress needs no new one.
  expect(queue.push(anEvent("a", "progress", 3), 5)).toBe(true);
  expect(queue.push({ type: "resync", why: "overflow", timestamp: "" }, 0)).toBe(true);
  expect(versions(queue)).toEqual(["a1", "b1", "a3", "resync"]);
});

it("is empty after a clear, and takes as much again", () => {
  const queue = createMessageQueue({ maxQueuedEvents: 1, maxQueuedBytes: 10 });
  queue.push(anEvent("a", "progress", 1), 10);
  queue.clear();
  expect([queue.size, queue.fill, queue.shift()]).toEqual([0, 0, undefined]);
  expect(queue.push(anEvent("a", "progress", 2), 10)).toBe(true);
  expect(versions(queue)).toEqual(["a2"]);
});
