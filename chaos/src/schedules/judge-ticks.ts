import type { TaskStore } from "@millrace/models";
import type { TickingPlan } from "./ticking-schedules.ts";

/** What stands in the store at the end. */
export interface TickVerdict {
  readonly tasks: number;
  /** Occurrences without a task, and with more than one. */
  readonly missing: number;
  readonly doubled: number;
  /** Tasks of no occurrence, and records that do not name the one task. */
  readonly strange: number;
}

/** Holds tasks and records against the plan: each occurrence exactly one task. */
export async function judgeTicks(store: TaskStore, plan: TickingPlan): Promise<TickVerdict> {
  const found = new Map<string, string[]>();
  let tasks = 0;
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<TaskStore["read"]>> = await store.read({
      kinds: ["chaos.tick"],
      orderBy: "created_asc",
      limit: 1_000,
      ...(after === null ? {} : { after }),
    });
    for (const { id, origin, metadata } of page.tasks) {
      tasks += 1;
      const name = `${origin.id} ${Number(metadata["scheduledFor"])}`;
      found.set(name, [...(found.get(name) ?? []), id]);
    }
    after = page.next;
  } while (after !== null);

  const verdict = { tasks, missing: 0, doubled: 0, strange: 0 };
  for (let n = 0; n < plan.schedules; n += 1) {
    const recorded = await recordsOf(store, `tick-${n}`, plan.ticks);
    for (let round = 0; round < plan.ticks; round += 1) {
      const at = plan.firstAt + n + round * 1_000;
      const name = `tick-${n} ${at}`;
      const ids = found.get(name) ?? [];
      found.delete(name);
      if (ids.length === 0) verdict.missing += 1;
      if (ids.length > 1) verdict.doubled += 1;
      if (ids.length === 1 && recorded.get(at) !== ids[0]) verdict.strange += 1;
    }
  }
  return { ...verdict, strange: verdict.strange + found.size };
}

async function recordsOf(
  store: TaskStore,
  scheduleId: string,
  ticks: number,
): Promise<ReadonlyMap<number, string | null>> {
  const facet = store.facet("schedules");
  const found = await facet?.occurrences({ schedule: { tenantId: "", scheduleId }, limit: 2 * ticks });
  const rows = found?.occurrences ?? [];
  return new Map(rows.map(({ scheduledFor, taskId }) => [scheduledFor, taskId]));
}
