import { isHostAlive, mostDueCounted, type UnservedKind, unservedLookMs } from "@millrace/models";
import type { MemoryState } from "../state/memory-state.ts";
import { tellControl } from "../state/tell-control.ts";

/** Kinds with due tasks that no running host serves and nobody has paused. */
export function unserved(state: MemoryState): readonly UnservedKind[] {
  const { hosts, kinds, tasks, now } = state;
  const serving = [...hosts.values()].filter(({ record }) => record.state === "running" && isHostAlive(record, now));
  const served = new Set(serving.flatMap(({ record }) => record.kinds));
  const missing = [...tasks.queuedKinds()].filter((kind) => {
    return !served.has(kind) && (kinds.get(kind)?.record.pausedAt ?? null) === null;
  });
  return missing.toSorted().flatMap((kind) => dueOf(state, kind));
}

/** Due tasks of a kind; nothing when there are none. */
export function dueOf({ tasks, now }: MemoryState, kind: string): readonly UnservedKind[] {
  const due = [...tasks.queueOf(kind).due(now)].flatMap(({ entries }) => [...entries]);
  if (due.length === 0) return [];
  const since = due.reduce((first, { scheduledAt }) => Math.min(first, scheduledAt), now);
  return [Object.freeze({ kind, queued: Math.min(due.length, mostDueCounted), since })];
}

/** Looks for such kinds, tells of those that have become so or are so no more, and answers the new ones. */
export function tellUnserved(state: MemoryState): readonly UnservedKind[] {
  const { now, lookedForUnservedAt } = state;
  if (lookedForUnservedAt !== null && now - lookedForUnservedAt < unservedLookMs) return [];
  state.lookedForUnservedAt = now;
  const found = unserved(state);
  for (const kind of [...state.unserved.keys()].toSorted()) {
    if (found.some((one) => one.kind === kind)) continue;
    state.unserved.delete(kind);
    tellControl(state, { type: "kind_served", name: kind, data: null });
  }
  const fresh = found.filter(({ kind }) => !state.unserved.has(kind));
  for (const { kind, queued } of fresh) {
    state.unserved.set(kind, true);
    tellControl(state, { type: "kind_unserved", name: kind, data: queued });
  }
  return fresh;
}
