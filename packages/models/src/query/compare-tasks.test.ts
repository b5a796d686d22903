import { describe, expect, it } from "vitest";
import { createSeededRandom } from "../ids/random.ts";
import type { TaskRecord } from "../task/task-record.ts";
import { anId, aTask } from "../../test/a-task.ts";
import { compareTasks, taskOrders } from "./compare-tasks.ts";
import type { TaskOrder } from "./task-query.ts";

const tasks: readonly TaskRecord[] = [
  aTask({ id: anId(1), createdAt: 1, scheduledAt: 30, updatedAt: 5, finishedAt: null, status: "running" }),
  aTask({ id: anId(2), createdAt: 2, scheduledAt: 10, updatedAt: 4, finishedAt: 9, status: "failed" }),
  aTask({ id: anId(3), createdAt: 2, scheduledAt: 10, updatedAt: 3, finishedAt: 7, status: "queued" }),
  aTask({ id: anId(4), createdAt: 3, scheduledAt: 20, updatedAt: 3, finishedAt: null, status: "queued" }),
];

const orderOf = (orderBy: TaskOrder): readonly number[] =>
  tasks.toSorted(compareTasks(orderBy)).map(({ id }) => Number(id.slice(-1)));

describe("compareTasks", () => {
  it.each<[TaskOrder, readonly number[]]>([
    ["created_desc", [4, 3, 2, 1]],
    ["created_asc", [1, 2, 3, 4]],
    ["scheduled_asc", [2, 3, 4, 1]],
    ["scheduled_desc", [1, 4, 3, 2]],
    ["updated_desc", [1, 2, 4, 3]],
    ["updated_asc", [3, 4, 2, 1]],
    ["finished_desc", [2, 3, 4, 1]],
    ["finished_asc", [3, 2, 1, 4]],
    ["status_asc", [3, 4, 1, 2]],
    ["status_desc", [2, 1, 4, 3]],
  ])("T24, R15, R40: %s gives %j", (orderBy, order) => {
    expect(orderOf(orderBy)).toEqual(order);
  });

  it("is a total order for every TaskOrder: the same list whatever it started as", () => {
    const random = createSeededRandom(7);
    for (const orderBy of Object.keys(taskOrders) as TaskOrder[]) {
      const expected = orderOf(orderBy);
      for (let round = 0; round < 20; round += 1) {
        const shuffled = tasks.map((task) => ({ task, at: random.next() })).toSorted((a, b) => a.at - b.at);
        const sorted = shuffled.map(({ task }) => task).toSorted(compareTasks(orderBy));
        expect(sorted.map(({ id }) => Number(id.slice(-1)))).toEqual(expected);
      }
      const [first = aTask()] = tasks;
      expect(compareTasks(orderBy)(first, first)).toBe(0);
    }
  });
});
