import { aTask } from "@millrace/conformance";
import type { TaskRecord } from "@millrace/models";
import { describe, expect, it } from "vitest";
import { ReadyQueue } from "./ready-queue.ts";

const dueIds = (queue: ReadyQueue, now: number): readonly string[] =>
  [...queue.due(now)].flatMap(({ entries }) => [...entries]).map(({ id }) => id);

function aQueue(now: number, ...tasks: readonly TaskRecord[]): ReadyQueue {
  const queue = new ReadyQueue();
  for (const task of tasks) queue.add(task, now);
  return queue;
}

describe("the ready queue of a kind", () => {
  it("keeps tasks that are not due out of the way, and says when the next falls due", () => {
    const [due, later] = [aTask({ scheduledAt: 10 }), aTask({ scheduledAt: 30, priority: 9 })];
    const queue = aQueue(20, due, later);
    expect(dueIds(queue, 20)).toEqual([due.id]);
    expect(queue.nextDueAt()).toBe(30);
    expect(dueIds(queue, 30)).toEqual([later.id, due.id]);
    expect(queue.nextDueAt()).toBeNull();
  });

  it("takes back what was due when the clock is set back", () => {
    const [early, late] = [aTask({ scheduledAt: 10 }), aTask({ scheduledAt: 30 })];
    const queue = aQueue(30, early, late);
    expect(dueIds(queue, 30)).toHaveLength(2);
    expect(dueIds(queue, 20)).toEqual([early.id]);
    expect(queue.nextDueAt()).toBe(30);
    expect(dueIds(queue, 30)).toHaveLength(2);
  });

  it("deletes a task wherever it lies", () => {
    const tasks = [aTask({ scheduledAt: 10 }), aTask({ scheduledAt: 30 })];
    const queue = aQueue(20, ...tasks);
    for (const task of tasks) queue.delete(task);
    expect([dueIds(queue, 50), queue.nextDueAt()]).toEqual([[], null]);
  });

  it("groups tasks by tenant and keys", () => {
    const concurrencyKeys = [{ key: "k", limit: 1 }];
    const queue = aQueue(0, ...["a", "b", "b"].map((tenantId) => aTask({ tenantId, concurrencyKeys, scheduledAt: 0 })));
    expect([...queue.due(0)].map(({ entries }) => entries.size)).toEqual([1, 2]);
  });
});
