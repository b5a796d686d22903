import type { PlannedOccurrence, ScheduleRecord } from "@millrace/models";
import { aScheduleAsk } from "../builders/schedule.ts";
import { facetOf } from "./cases/facet-cases.ts";
import { present } from "./present.ts";
import type { StoreBench } from "./store-bench.ts";

/** The schedule that these cases make when they do not say which. */
export const nightly = { tenantId: "", scheduleId: "nightly" } as const;
/** Takes all that is due. */
export const whole = { limit: 100, holdMs: 5_000 } as const;

/** Makes the schedule and takes it. */
export async function taken(bench: StoreBench): Promise<ScheduleRecord> {
  const facet = facetOf(bench, "schedules");
  await facet.put([aScheduleAsk()]);
  return present((await facet.take(whole)).schedules[0], "a due schedule");
}

/** An occurrence that makes a task of that moment. */
export function enqueueAt(
  bench: StoreBench,
  scheduledFor: number,
  change: Parameters<StoreBench["request"]>[0] = {},
): PlannedOccurrence {
  return {
    type: "enqueue",
    scheduledFor,
    outcome: "enqueued",
    request: bench.request({ scheduledAt: scheduledFor, ...change }),
  };
}
