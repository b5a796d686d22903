import { defineTask, type JournalEvent, type ServicePort, type TaskService } from "@millrace/models";
import { describe, expect, it } from "vitest";
import { createBench, turn } from "../testing/host-bench.ts";

/** A service that does what it is told at its start. */
function aService(name: string, start: (port: ServicePort) => void | Promise<void>, calls: string[] = []): TaskService {
  return {
    name,
    async start(port) {
      calls.push(`start ${name}`);
      await start(port);
    },
    async stop() {
      calls.push(`stop ${name}`);
    },
  };
}

describe("the services of a host", () => {
  it("start in their order and stop the other way round, with their signal aborted", async () => {
    await using bench = createBench();
    const calls: string[] = [];
    const signals: AbortSignal[] = [];
    const keep = ({ signal }: ServicePort): void => void signals.push(signal);
    const host = await bench.started({ services: [aService("a", keep, calls), aService("b", keep, calls)] });
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
    await host.stop();
    expect(calls).toEqual(["start a", "start b", "stop b", "stop a"]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  it("one that cannot start fails the start of the host, which stops the others and can be tried again", async () => {
    await using bench = createBench();
    const calls: string[] = [];
    let broken = true;
    const host = bench.host({
      services: [
        aService("a", () => {}, calls),
        aService(
          "b",
          () => {
            if (broken) throw new Error("b is broken");
          },
          calls,
        ),
      ],
    });
    await expect(host.start()).rejects.toThrow("b is broken");
    expect(host.getState()).toBe("idle");
    expect(calls).toContain("stop a");
    broken = false;
    await host.start();
    expect(host.getState()).toBe("running");
  });

  it("one that needs a part the store lacks says so at the start", async () => {
    await using bench = createBench((store) => ({ ...store, facet: () => null }));
    const host = bench.host({ services: [aService("needs", (port) => void port.facet("cursors"))] });
    await expect(host.start()).rejects.toMatchObject({
      code: "FACET_MISSING",
      details: { facet: "cursors", service: "needs" },
    });
    await expect(bench.host({ retentionPolicy: { successTtlMs: 1 } }).start()).rejects.toMatchObject({
      code: "FACET_MISSING",
    });
    // Without one that needs them, a store without any part runs tasks.
    const plain = await bench.started({ tasks: [defineTask({ kind: "k", run: () => 1 })] });
    const { task } = await plain.enqueue("k");
    await bench.until(async () => (await bench.task(task.id)).status === "succeeded");
  });

  it("T57: a job runs about every interval, never twice at once, and goes on after a throw", async () => {
    await using bench = createBench();
    let runs = 0;
    const host = await bench.started({
      services: [
        aService("ticks", (port) =>
          port.every(1_000, async () => {
            runs += 1;
            throw new Error("again and again");
          }),
        ),
      ],
    });
    await bench.pass(10_000);
    expect(runs).toBeGreaterThanOrEqual(8);
    expect(runs).toBeLessThanOrEqual(13);
    await host.stop();
    const before = runs;
    await bench.pass(10_000);
    expect(runs).toBe(before);
  });

  it("a consumer reads the journal from where it was, also after a restart, and a page it failed at again", async () => {
    await using bench = createBench();
    const seen: JournalEvent[] = [];
    let failures = 2;
    const reader = aService("reader", (port) =>
      port.consume({ name: "reader" }, async (events) => {
        if (failures > 0) {
          failures -= 1;
          throw new Error("not yet");
        }
        seen.push(...events);
      }),
    );
    const task = defineTask({ kind: "k", run: () => 1 });
    const host = await bench.started({ tasks: [task], services: [reader] });
    const { task: first } = await host.enqueue(task, undefined);
    const typesOf = (taskId: string): readonly string[] =>
      seen.filter((event) => event.taskId === taskId).map(({ type }) => type);
    await bench.until(() => typesOf(first.id).includes("succeeded"));
    await host.stop();
    const { task: second } = await host.enqueue(task, undefined);
    await host.start();
    await bench.until(() => typesOf(second.id).includes("succeeded"));
    for (const { id } of [first, second]) expect(typesOf(id)).toEqual(["enqueued", "claimed", "started", "succeeded"]);
  });

  it("a consumer whose place is gone is told in the log and goes on from what there is", async () => {
    await using bench = createBench((store) => {
      let answered = false;
      return {
        ...store,
        async events(after, limit, filter) {
          const page = await store.events(after, limit, filter);
          if (answered || page.status === "reset") return page;
          answered = true;
          return { status: "reset", why: "retention", cursor: page.cursor };
        },
      };
    });
    const seen: JournalEvent[] = [];
    const reader = aService("reader", (port) =>
      port.consume({ name: "reader" }, async (events) => void seen.push(...events)),
    );
    const task = defineTask({ kind: "k", run: () => 1 });
    const host = await bench.started({ tasks: [task], services: [reader] });
    await turn();
    const { task: made } = await host.enqueue(task, undefined);
    await bench.until(() => seen.some((event) => event.taskId === made.id && event.type === "succeeded"));
    expect(bench.lines.some(({ message }) => message.includes("is gone"))).toBe(true);
  });
});
