import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import { defineTask, silentLogger, type TaskContext } from "@millrace/models";
import { createMemoryTaskStore } from "@millrace/store-memory";
import { describe, expect, it } from "vitest";
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
});
