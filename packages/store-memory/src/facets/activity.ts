import {
  type ActivityAnswer,
  type ActivityCount,
  type ActivityQuery,
  activityTypes,
  type EndedQuery,
  type EndedTimes,
  type KindLoad,
} from "@millrace/models";
import type { MemoryState } from "../state/memory-state.ts";
import { aggregate } from "../operations/aggregate.ts";
import { read } from "../operations/read.ts";
import { dueOf } from "./unserved.ts";

/** No more of the newest entries are looked at. */
const mostEntries = 20_000;

/** What the newest entries of the journal count up to. */
export function readActivity({ journal }: MemoryState, { from, partMs, tenantId }: ActivityQuery): ActivityAnswer {
  const sums = new Map<string, ActivityCount>();
  let oldest: number | null = null;
  for (const { event } of journal.after(Math.max(journal.firstPlace - 1, journal.lastPlace - mostEntries))) {
    oldest = Math.min(oldest ?? event.at, event.at);
    const type = event.taskId === null ? undefined : activityTypes[event.type];
    if (event.taskId === null || type === undefined || event.at < from) continue;
    if (tenantId !== undefined && event.tenantId !== tenantId) continue;
    const at = event.at - (event.at % partMs);
    const key = JSON.stringify([at, event.kind, type]);
    sums.set(key, { at, kind: event.kind, type, count: (sums.get(key)?.count ?? 0) + 1 });
  }
  const counts = [...sums.values()].toSorted(
    (a, b) => a.at - b.at || compare(a.kind, b.kind) || compare(a.type, b.type),
  );
  return { counts, knownFrom: oldest === null ? null : Math.max(oldest, from) };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The tasks that succeeded or failed last. */
export function readEnded(state: MemoryState, { limit, tenantId }: EndedQuery): readonly EndedTimes[] {
  const { tasks } = read(state, {
    statuses: ["succeeded", "failed"],
    ...(tenantId === undefined ? {} : { tenantId }),
    orderBy: "finished_desc",
    limit,
  });
  return tasks.map(({ kind, createdAt, scheduledAt, startedAt, finishedAt, updatedAt }) => {
    return { kind, createdAt, scheduledAt, startedAt, finishedAt: finishedAt ?? updatedAt };
  });
}

/** Kinds with queued or running tasks. */
export function readLoads(state: MemoryState): readonly KindLoad[] {
  const queued = aggregate(state, { statuses: ["queued"] }).byKind;
  const running = aggregate(state, { statuses: ["claimed", "running"] }).byKind;
  return [...new Set([...Object.keys(queued), ...Object.keys(running)])].toSorted().map((kind) => {
    const [due] = dueOf(state, kind);
    return {
      kind,
      queued: queued[kind]?.count ?? 0,
      running: running[kind]?.count ?? 0,
      due: due?.queued ?? 0,
      since: due?.since ?? null,
    };
  });
}
