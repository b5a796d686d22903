import type { HostBeat, HostRecord, HostsFacet } from "@millrace/models";
import { isAlive } from "../state/lost-hosts.ts";
import { frozenCopy } from "../state/frozen.ts";
import type { HostRow, MemoryState } from "../state/memory-state.ts";
import { tellControl } from "../state/tell-control.ts";

/** How long a host is listed after it was last heard of. */
const listedForMs = 24 * 60 * 60 * 1000;

type Unserved = Awaited<ReturnType<HostsFacet["unserved"]>>;

/** Writes a heartbeat, and tells of a host that starts, drains or stops. */
export function beat(state: MemoryState, told: HostBeat): { readonly drain: boolean } {
  const { now } = state;
  const before = state.hosts.get(told.hostId);
  const isNew = before === undefined || before.isLost || before.record.state === "stopped";
  const record: HostRecord = frozenCopy({
    ...told,
    startedAt: isNew || !before ? now : before.record.startedAt,
    lastSeenAt: now,
    aliveUntil: told.state === "stopped" ? now : now + told.aliveForMs,
    drainRequestedAt: isNew || !before ? null : before.record.drainRequestedAt,
  });
  state.hosts.set(told.hostId, { record, isLost: false });
  if (isNew) tellOfHost(state, "host_started", told.hostId);
  const isChanged = told.state !== (isNew ? "running" : before?.record.state);
  if (isChanged && told.state === "draining") tellOfHost(state, "host_draining", told.hostId);
  if (isChanged && told.state === "stopped") tellOfHost(state, "host_stopped", told.hostId);
  return { drain: record.drainRequestedAt !== null };
}

/** Hosts heard of in the last 24 h, newest first; older ones are forgotten. */
export function listHosts(state: MemoryState): readonly HostRecord[] {
  for (const [hostId, { record }] of state.hosts.entries()) {
    if (record.lastSeenAt < state.now - listedForMs) state.hosts.delete(hostId);
  }
  const records = [...state.hosts.values()].map(({ record }: HostRow) => record);
  return records.toSorted((a, b) => b.startedAt - a.startedAt || (a.hostId < b.hostId ? -1 : 1));
}

/** Asks a host to take no more tasks, or takes that back. */
export function drainHost(state: MemoryState, hostId: string, drain: boolean): boolean {
  const row = state.hosts.get(hostId);
  if (!row) return false;
  const drainRequestedAt = drain ? (row.record.drainRequestedAt ?? state.now) : null;
  state.hosts.set(hostId, { ...row, record: Object.freeze({ ...row.record, drainRequestedAt }) });
  return true;
}

/** Kinds with due tasks that no running host serves and nobody has paused. */
export function unserved(state: MemoryState): Unserved {
  const { hosts, kinds, tasks, now } = state;
  const serving = [...hosts.values()].filter(({ record }) => record.state === "running" && isAlive(record, now));
  const served = new Set(serving.flatMap(({ record }) => record.kinds));
  const missing = [...tasks.queuedKinds()].filter((kind) => {
    return !served.has(kind) && (kinds.get(kind)?.record.pausedAt ?? null) === null;
  });
  return missing.toSorted().flatMap((kind) => {
    const due = [...tasks.queueOf(kind).due(now)].flatMap(({ entries }) => [...entries]);
    if (due.length === 0) return [];
    const since = due.reduce((first, { scheduledAt }) => Math.min(first, scheduledAt), now);
    return [Object.freeze({ kind, queued: due.length, since })];
  });
}

function tellOfHost(state: MemoryState, type: "host_started" | "host_draining" | "host_stopped", hostId: string): void {
  tellControl(state, { type, name: null, hostId, data: null });
}
