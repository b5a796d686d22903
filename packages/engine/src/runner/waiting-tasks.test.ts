import { describe, expect, it } from "vitest";
import type { ServedKind } from "../host/kind-registry.ts";
import type { HeldTask } from "./running-tasks.ts";
import { createWaitingTasks } from "./waiting-tasks.ts";

const single = { kind: "single", batchSize: 1 } as ServedKind;
const batch = { kind: "batch", batchSize: 3 } as ServedKind;
const aTask = (served: ServedKind, id: number, suspect = false): HeldTask =>
  ({ served, lease: { taskId: String(id) }, claimed: { task: { suspect } } }) as unknown as HeldTask;
const ids = (tasks: readonly HeldTask[] | null): readonly string[] | null =>
  tasks && tasks.map(({ lease }) => lease.taskId);
const anyKind = (): boolean => true;

describe("waiting tasks", () => {
  it("go in the order they were claimed, however many there are", () => {
    const waiting = createWaitingTasks();
    waiting.add(Array.from({ length: 1_000 }, (_, id) => aTask(single, id)));
    const taken = Array.from({ length: 1_000 }, () => ids(waiting.takeNext(anyKind))?.[0]);
    expect(taken).toEqual(Array.from({ length: 1_000 }, (_, id) => String(id)));
    expect(waiting.takeNext(anyKind)).toBeNull();
    expect([waiting.size, waiting.countOf("single")]).toEqual([0, 0]);
  });

  it("R12: let a kind with a place pass one without", () => {
    const waiting = createWaitingTasks();
    waiting.add([aTask(single, 1), aTask(batch, 2), aTask(single, 3)]);
    expect(ids(waiting.takeNext((served) => served === batch))).toEqual(["2"]);
    expect(ids(waiting.takeNext(anyKind))).toEqual(["1"]);
    expect(ids(waiting.takeAll())).toEqual(["3"]);
    expect(waiting.size).toBe(0);
  });

  it("Q5: take company of their own kind up to its size, and never a suspect", () => {
    const waiting = createWaitingTasks();
    waiting.add([
      aTask(batch, 1),
      aTask(single, 2),
      aTask(batch, 3, true),
      aTask(batch, 4),
      aTask(batch, 5),
      aTask(batch, 6),
    ]);
    expect(ids(waiting.takeNext(anyKind))).toEqual(["1", "4", "5"]);
    expect(waiting.countOf("batch")).toBe(2);
    expect(ids(waiting.takeNext(anyKind))).toEqual(["2"]);
    expect(ids(waiting.takeNext(anyKind))).toEqual(["3"]);
    expect(ids(waiting.takeNext(anyKind))).toEqual(["6"]);
  });
});
