import { createTaskId, type OccurrenceRecord } from "@millrace/models";
import { expect, it } from "vitest";
import { httpBench } from "../testing/http-bench.ts";
import { shownOccurrences } from "./shown-schedule.ts";

it("looks at the tasks of many occurrences a hundred at a time, and tells each", async () => {
  await using bench = httpBench();
  const sizes: number[] = [];
  const getTasks: typeof bench.host.getTasks = (ids) => {
    sizes.push(ids.length);
    return bench.host.getTasks(ids);
  };
  const last = await bench.enqueue();
  const ids = [...Array.from({ length: 249 }, () => createTaskId()), last];
  const occurrences = ids.map((taskId): OccurrenceRecord => ({
    tenantId: "",
    scheduleId: "s",
    scheduledFor: 1,
    until: 1,
    count: 1,
    outcome: "enqueued",
    reason: null,
    taskId,
    recordedAt: 1,
  }));
  const api = { client: { ...bench.host, getTasks } } as never;
  const [shown] = await shownOccurrences({ api }, [occurrences], 1_000);
  expect(sizes).toEqual([100, 100, 50]);
  expect(shown?.map(({ task }) => task?.status ?? null)).toEqual([...ids.slice(1).map(() => null), "queued"]);
});
