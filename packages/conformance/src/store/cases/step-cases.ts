import { isTaskError, type StepQuery, type TaskId } from "@millrace/models";
import { expect } from "vitest";
import { leaseOf } from "../../builders/lease.ts";
import { aStep } from "../../builders/step.ts";
import type { StoreBench } from "../store-bench.ts";
import type { StoreCases } from "../store-cases.ts";

async function taskWithSteps(bench: StoreBench): Promise<TaskId> {
  const first = await bench.running();
  const steps = Array.from({ length: 12 }, (_, index) => aStep(index + 1));
  await bench.store.report([{ ...leaseOf(first), steps: steps.slice(0, 5) }]);
  await bench.settle(first, { type: "release" });
  const second = await bench.runAgain(first);
  await bench.store.report([{ ...leaseOf(second), steps }]);
  return first.id;
}

const all = [1, 2, 3, 4, 5].map((n) => `1.${n}`).concat([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((n) => `2.${n}`));

/** `steps`: order and pages. */
export const stepCases: StoreCases = (add) => {
  const ids = async ({ store }: StoreBench, query: StepQuery) => (await store.steps(query)).steps.map(({ id }) => id);

  add("R41: oldest first by default, in order of attempt and number", async (bench) => {
    const taskId = await taskWithSteps(bench);
    expect(await ids(bench, { taskId })).toEqual(all);
  });

  add("R42: from the newest, the newest ones come first", async (bench) => {
    const taskId = await taskWithSteps(bench);
    expect(await ids(bench, { taskId, from: "newest", limit: 3 })).toEqual(["2.12", "2.11", "2.10"]);
  });

  for (const from of ["oldest", "newest"] as const) {
    add(`R41: pages from the ${from} are the whole list`, async (bench) => {
      const taskId = await taskWithSteps(bench);
      const seen: string[] = [];
      let after: string | null = null;
      do {
        const page = await bench.store.steps({ taskId, from, limit: 5, ...(after === null ? {} : { after }) });
        seen.push(...page.steps.map(({ id }) => id));
        after = page.next;
      } while (after !== null);
      expect(seen).toEqual(from === "oldest" ? all : all.toReversed());
    });
  }

  add("R41: offset skips", async (bench) => {
    const taskId = await taskWithSteps(bench);
    expect(await ids(bench, { taskId, offset: 15 })).toEqual(all.slice(15));
  });

  add("T19: an unknown task has no steps and no attempts", async ({ store, newId }) => {
    expect(await store.steps({ taskId: newId() })).toEqual({ steps: [], next: null });
    expect(await store.attempts(newId())).toEqual([]);
  });

  add("a malformed step cursor is CURSOR_INVALID", async (bench) => {
    const taskId = await taskWithSteps(bench);
    const error: unknown = await bench.store.steps({ taskId, after: "garbage" }).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(isTaskError(error, "CURSOR_INVALID")).toBe(true);
  });

  add("R30: 1,000 steps in one flush are kept in order", async (bench) => {
    const task = await bench.running();
    const steps = Array.from({ length: 1_000 }, (_, index) => aStep(index + 1));
    const [answer] = await bench.store.report([{ ...leaseOf(task), steps }]);
    expect(answer).toEqual({ status: "held", version: 1_003 });
    const numbers = (await bench.store.steps({ taskId: task.id, limit: 1_000 })).steps.map(({ n }) => n);
    expect(numbers).toEqual(steps.map(({ n }) => n));
  });
};
