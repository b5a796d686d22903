import {
  type ActivityAnswer,
  type ActivityCount,
  type ActivityQuery,
  activityTypes,
  type WaitingKind,
} from "@millrace/models";
import type { MemoryState } from "../state/memory-state.ts";
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

/** Kinds with due tasks. */
export function readWaiting(state: MemoryState): readonly WaitingKind[] {
  return [...state.tasks.queuedKinds()].toSorted().flatMap((kind) => dueOf(state, kind));
}
