import { describe, expect, it } from "vitest";
import { createTaskId } from "../ids/task-id.ts";
import { isTaskError } from "../errors/task-error.ts";
import { taskOrders } from "./compare-tasks.ts";
import {
  occurrenceCursor,
  placeOfOccurrence,
  placeOfStep,
  placeOfTask,
  stepCursor,
  taskCursor,
} from "./page-cursor.ts";
import type { TaskOrder } from "./task-query.ts";

const id = createTaskId(1_700_000_000_000);
const orders = Object.keys(taskOrders) as TaskOrder[];

function refused(read: () => unknown): boolean {
  try {
    read();
    return false;
  } catch (error) {
    return isTaskError(error, "CURSOR_INVALID");
  }
}

describe("a page cursor of tasks", () => {
  it("leads back to its place, in every order", () => {
    for (const order of orders)
      expect(placeOfTask(taskCursor({ value: 3, id }, order), order)).toEqual({ value: 3, id });
  });

  it("has no value only where a task may have none: at its end", () => {
    const isRefused = orders.map((order) => refused(() => placeOfTask(taskCursor({ value: null, id }, order), order)));
    expect(isRefused).toEqual(orders.map((order) => taskOrders[order].field !== "finishedAt"));
  });

  it("can stand in an address as it is", () => {
    for (let value = 0; value < 200; value += 1) {
      expect(taskCursor({ value, id }, "updated_desc")).toMatch(/^[A-Za-z0-9_-]+$/);
    }
  });

  it("is refused by a list of another order, a list of steps, and for a status that there is not", () => {
    const cursor = taskCursor({ value: 3, id }, "created_desc");
    expect(refused(() => placeOfTask(cursor, "created_asc"))).toBe(true);
    expect(refused(() => placeOfStep(cursor, "oldest", id))).toBe(true);
    expect(refused(() => placeOfTask(taskCursor({ value: 99, id }, "status_asc"), "status_asc"))).toBe(true);
  });

  it("is refused when it is no cursor at all", () => {
    const none = ["", "x", "é", btoa("[]"), btoa("{"), btoa("null"), btoa('["task","created_desc",1,"x"]')];
    for (const cursor of none) expect(refused(() => placeOfTask(cursor, "created_desc"))).toBe(true);
    expect(refused(() => placeOfTask(taskCursor({ value: 1.5, id }, "created_desc"), "created_desc"))).toBe(true);
  });
});

describe("a page cursor of steps", () => {
  const place = { attempt: 2, n: 7 };

  it("leads back to its place, from either end", () => {
    for (const from of ["oldest", "newest"] as const) {
      expect(placeOfStep(stepCursor(from, id, place), from, id)).toEqual(place);
    }
  });

  it("is refused by the other end, another task, and a list of tasks", () => {
    const cursor = stepCursor("oldest", id, place);
    expect(refused(() => placeOfStep(cursor, "newest", id))).toBe(true);
    expect(refused(() => placeOfStep(cursor, "oldest", createTaskId(1_800_000_000_000)))).toBe(true);
    expect(refused(() => placeOfTask(cursor, "created_desc"))).toBe(true);
    expect(refused(() => placeOfStep(stepCursor("oldest", id, { attempt: 1, n: 0.5 }), "oldest", id))).toBe(true);
  });
});

describe("a page cursor of occurrences", () => {
  const place = { tenantId: "a/é", scheduleId: "s", scheduledFor: 5 };

  it("leads back to its place, in the list of its schedule and in those of what did not run", () => {
    const history = occurrenceCursor(place, { schedule: place });
    const unmet = occurrenceCursor(place, {});
    expect(placeOfOccurrence({ schedule: place, after: history })).toEqual(place);
    expect(placeOfOccurrence({ after: unmet })).toEqual(place);
    expect(placeOfOccurrence({ tenantId: place.tenantId, after: unmet })).toEqual(place);
    expect(refused(() => placeOfOccurrence({ tenantId: "b", after: unmet }))).toBe(true);
    expect(refused(() => placeOfOccurrence({ schedule: place, after: unmet }))).toBe(true);
  });

  it("is not needed to begin: the first page begins behind every moment", () => {
    expect(placeOfOccurrence({}).scheduledFor).toBeGreaterThan(8_640_000_000_000_000);
  });
});
