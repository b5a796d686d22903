import type { EndedTimes, EpochMs, TaskClient, TaskFilter } from "@millrace/models";
import { orNull } from "./or-null.ts";
import { partsOf, type OverviewWindow } from "./overview-window.ts";

/** How long tasks that ended in one part of the time had waited and run, in ms; null where none of them had begun. */
export interface LatencyPart {
  readonly at: EpochMs;
  readonly count: number;
  readonly waitP50: number | null;
  readonly waitP95: number | null;
  readonly runP50: number | null;
  readonly runP95: number | null;
}

/** Ended tasks, and how long each waited and ran. */
export interface EndedSample {
  readonly kind: string;
  readonly at: EpochMs;
  readonly waitMs: number | null;
  readonly runMs: number | null;
}

/** So many of the newest ended tasks are looked at. */
const mostTasks = 200;

/** The newest ended tasks within a window; none where the store cannot tell. */
export async function endedSample(
  client: Pick<TaskClient, "listEndedTimes">,
  scope: Pick<TaskFilter, "tenantId">,
  { from }: OverviewWindow,
): Promise<readonly EndedSample[]> {
  const ended = await orNull(client.listEndedTimes({ ...scope, limit: mostTasks }));
  return (ended ?? []).filter(({ finishedAt }) => finishedAt >= from).map(sampleOf);
}

/** By parts of the window; only those in which some of the tasks ended. Pure. */
export function latencyParts(sample: readonly EndedSample[], window: OverviewWindow): readonly LatencyPart[] {
  const byPart = Map.groupBy(sample, ({ at }) => at - (at % window.partMs));
  return partsOf(window).flatMap((at) => {
    const part = byPart.get(at);
    if (!part) return [];
    const waits = part.flatMap(({ waitMs }) => waitMs ?? []);
    const runs = part.flatMap(({ runMs }) => runMs ?? []);
    return [
      {
        at,
        count: part.length,
        waitP50: quantile(waits, 0.5),
        waitP95: quantile(waits, 0.95),
        runP50: quantile(runs, 0.5),
        runP95: quantile(runs, 0.95),
      },
    ];
  });
}

/** The value below which that share lies; null of nothing. Pure. */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}

/** Clocks of several machines may disagree a little: no time is below zero. */
function sampleOf({ kind, createdAt, scheduledAt, startedAt, finishedAt: at }: EndedTimes): EndedSample {
  if (startedAt === null) return { kind, at, waitMs: null, runMs: null };
  return {
    kind,
    at,
    waitMs: Math.max(0, startedAt - Math.max(scheduledAt, createdAt)),
    runMs: Math.max(0, at - startedAt),
  };
}
