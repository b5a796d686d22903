import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import { defineTask, silentLogger, type TaskContext } from "@millrace/models";
import { createMemoryTaskStore } from "@millrace/store-memory";
import { describe, expect, it } from "vitest";
import { createBench, gate } from "../testing/host-bench.ts";
import { createTaskHost } from "./create-task-host.ts";

describe("a host", () => {
  it("R1, R47, T29: enqueues, claims, runs, settles and tells each of it in order", async () => {
    const seen: string[] = [];
    const double = defineTask({
      kind: "double",
      async run(input: { n: number }, context: TaskContext) {
        await context.appendStep({ message: "half way", percent: 50 });
        return input.n * 2;
      },
    });
    const host = createTaskHost({
      store: createMemoryTaskStore(),
      executor: createInProcessTaskExecutor(),
      tasks: [double],
      logger: silentLogger,
      onEvent: (event) => void seen.push(event.type),
    });
    await host.start();
    const { task } = await host.enqueue(double, { n: 21 });
    expect(await host.awaitResult(task.id)).toBe(42);
    await host.stop();
    expect(seen).toEqual([
      "runner:start",
      "task:enqueued",
      "task:claimed",
      "task:running",
      "task:step",
      "task:succeeded",
      "runner:stop",
    ]);
    await host.close();
  });

  it("claims ahead and settles as many at once as the store takes best", async () => {
    const asked: number[] = [];
    const settled: number[] = [];
    let claimed = 0;
    const behind = gate();
    await using bench = createBench((store) => ({
      ...store,
      batchSize: 7,
      async claim(request) {
        asked.push(request.limit);
        const answer = await store.claim(request);
        claimed += answer.tasks.length;
        if (claimed >= 30) behind.open();
        return answer;
      },
      async settle(batch) {
        settled.push(batch.length);
        await behind.opened;
        return store.settle(batch);
      },
    }));
    const quick = defineTask({ kind: "quick", run: (_n: number) => 1 });
    const host = bench.host({ tasks: [quick], runner: { concurrency: 2 } });
    for (let n = 0; n < 60; n += 1) await host.enqueue(quick, n);
    await host.start();
    await bench.until(async () => (await bench.store.read({ statuses: ["succeeded"], limit: 60 })).tasks.length === 60);
    // Its two places, and what may wait for them.
    expect(Math.max(...asked)).toBe(9);
    expect(Math.max(...settled)).toBe(7);
  });
});
