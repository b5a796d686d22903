import { defineTask, type AnyTaskDefinition } from "@millrace/models";
import type { ScheduleDefinition } from "@millrace/scheduler";

/** What a run of schedules is like. Plain data: every process makes the same schedules of it. */
export interface TickingPlan {
  readonly schedules: number;
  /** When each is due first, by the machine's clock. */
  readonly firstAt: number;
  /** How often each is due, once a second. */
  readonly ticks: number;
  /** What share of the steps is sent only when its schedules are held no longer. */
  readonly lateSteps: number;
}

/** What the schedules enqueue. Nobody runs it: what counts is what stands in the store. */
export const tick: AnyTaskDefinition = defineTask({ kind: "chaos.tick", run: () => null });

/** The schedules of a plan; each is due once a second, so many times. */
export function tickingSchedules({ schedules, firstAt, ticks }: TickingPlan): readonly ScheduleDefinition[] {
  return Array.from({ length: schedules }, (_, n) => ({
    id: `tick-${n}`,
    task: tick,
    times: { every: { ms: 1_000 }, firstAt: firstAt + n },
    endAt: firstAt + n + (ticks - 1) * 1_000,
    overlap: "allow",
    catchUp: "all",
  }));
}
