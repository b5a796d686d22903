import {
  createManualClock,
  createSeededRandom,
  silentLogger,
  TaskError,
  type LeaseAnswer,
  type LeasedReport,
  type NewStep,
} from "@millrace/models";
import { describe, expect, it } from "vitest";
import { gate, turn } from "../testing/host-bench.ts";
import { createReportQueue } from "./report-queue.ts";
import type { HeldTask } from "./running-tasks.ts";
import { createStoreTrouble } from "./store-trouble.ts";

// The queue looks at nothing else of a held task.
const aTask = (taskId: string): HeldTask =>
  ({ lease: { taskId, attempt: 1, leaseToken: "t" }, lost: false, unsent: null, place: 0 }) as unknown as HeldTask;

const aStep = (n: number, fields: Partial<NewStep> = {}): NewStep => ({
  n,
  kind: "step",
  level: "info",
  message: `step ${n}`,
  meta: null,
  percent: null,
  ...fields,
});

function aQueue(
  report: (reports: readonly LeasedReport[]) => Promise<readonly LeaseAnswer[]> = async (all) => all.map(held),
) {
  const clock = createManualClock();
  const calls: (readonly LeasedReport[])[] = [];
  const trouble = createStoreTrouble({
    clock,
    random: createSeededRandom(1),
    logger: silentLogger,
    doing: "reporting",
  });
  const queue = createReportQueue({
    store: {
      report(reports) {
        calls.push(reports);
        return report(reports);
      },
    },
    clock,
    trouble,
    onAnswer: () => {},
  });
  return { clock, queue, calls };
}

const held = (): LeaseAnswer => ({ status: "held", version: 2 });

describe("the report queue", () => {
  it("waits 50 ms for company, then says everything in one call", async () => {
    const { clock, queue, calls } = aQueue();
    const a = aTask("a");
    const answers = [queue.add(a, { started: true }), queue.add(aTask("b"), { progress: { percent: 5 } })];
    clock.advance(49);
    await turn();
    expect(calls).toHaveLength(0);
    clock.advance(1);
    expect(await Promise.all(answers)).toEqual([true, true]);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject([
      { taskId: "a", started: true },
      { taskId: "b", progress: { percent: 5 } },
    ]);
  });

  it("R28, R31: the latest progress wins, also over an earlier step and under a later one", async () => {
    const { clock, queue, calls } = aQueue();
    const task = aTask("a");
    void queue.add(task, { progress: { percent: 10, label: "one" } });
    void queue.add(task, { steps: [aStep(1, { percent: 20 })] });
    void queue.add(task, { progress: { label: "two" } });
    void queue.add(task, { steps: [aStep(2)] });
    clock.advance(50);
    await turn();
    expect(calls[0]).toMatchObject([{ progress: { percent: 20, label: "two" }, steps: [{ n: 1 }, { n: 2 }] }]);
    void queue.add(task, { steps: [aStep(3, { percent: 30 })] });
    void queue.add(task, { progress: { percent: 35 } });
    clock.advance(50);
    await turn();
    expect(calls[1]).toMatchObject([{ progress: { percent: 35 }, steps: [{ n: 3, percent: 30 }] }]);
  });

  it("F38, R30: leaves at once when 64 KiB or 1,000 steps wait", async () => {
    const { queue, calls } = aQueue();
    void queue.add(aTask("a"), { steps: [aStep(1, { message: "x".repeat(70_000) })] });
    await turn();
    expect(calls).toHaveLength(1);
    void queue.add(aTask("b"), { steps: Array.from({ length: 1_000 }, (_, index) => aStep(index + 1)) });
    await turn();
    expect(calls).toHaveLength(2);
  });

  it("answers false for a lease that is lost, and never rejects", async () => {
    const { clock, queue } = aQueue(async (all) => all.map(() => ({ status: "lost", why: "stale-lease" })));
    const answer = queue.add(aTask("a"), { alive: true });
    clock.advance(50);
    expect(await answer).toBe(false);
    expect(await queue.add({ ...aTask("b"), lost: true }, { alive: true })).toBe(false);
  });

  it("F58: sends the same again when the store failed, and what came meanwhile after it", async () => {
    let failures = 3;
    const { clock, queue, calls } = aQueue(async (all) => {
      if (failures > 0) {
        failures -= 1;
        throw new TaskError("STORE_BUSY", "busy");
      }
      return all.map(held);
    });
    const task = aTask("a");
    const first = queue.add(task, { steps: [aStep(1)] });
    clock.advance(50);
    await turn();
    const second = queue.add(task, { steps: [aStep(2)] });
    for (let n = 0; n < 20; n += 1) {
      await turn();
      clock.advance(1_000);
    }
    expect(await Promise.all([first, second])).toEqual([true, true]);
    expect(calls.map((reports) => reports[0]?.steps?.map(({ n }) => n))).toEqual([[1], [1], [1], [1], [2]]);
  });

  it("takes a lone start back before the settlement, which tells it itself", async () => {
    const { queue, calls, clock } = aQueue();
    const task = aTask("a");
    const started = queue.add(task, { started: true });
    await queue.drain(task);
    expect(await started).toBe(true);
    clock.advance(50);
    await turn();
    expect(calls).toHaveLength(0);
  });

  it("lets no settlement overtake a report that is under way or waits behind one", async () => {
    const open = gate();
    const { clock, queue, calls } = aQueue(async (all) => {
      await open.opened;
      return all.map(held);
    });
    const task = aTask("a");
    void queue.add(task, { steps: [aStep(1)] });
    clock.advance(50);
    await turn();
    void queue.add(task, { steps: [aStep(2)] });
    let drained = false;
    const draining = Promise.resolve(queue.drain(task)).then(() => (drained = true));
    await turn();
    expect(drained).toBe(false);
    open.open();
    await draining;
    expect(calls.map((reports) => reports[0]?.steps?.[0]?.n)).toEqual([1, 2]);
  });

  it("answers false to all that is left when it is closed", async () => {
    const { queue } = aQueue();
    const answer = queue.add(aTask("a"), { alive: true });
    queue.close();
    expect(await answer).toBe(false);
  });
});
