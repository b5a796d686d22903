import { applyBeat, type BeatAnswer, type HostBeat, type HostRecord, mayHavePeers } from "@millrace/models";
import { frozenCopy } from "../state/frozen.ts";
import type { MemoryState } from "../state/memory-state.ts";
import { tellControl } from "../state/tell-control.ts";

/** How long a host is listed after it was last heard of. */
const listedForMs = 24 * 60 * 60 * 1000;

/** Writes a heartbeat, and tells what it changed of this host and of others. */
export function beat(state: MemoryState, told: HostBeat): BeatAnswer {
  const { hosts, now } = state;
  if (told.begins) forgetHosts(state);
  const before = hosts.get(told.hostId) ?? null;
  const others = mayHavePeers(told, { before, now }) ? [...hosts.values()] : [];
  const peers = others.filter(({ record }) => record.podId === told.podId && record.hostId !== told.hostId);
  const made = applyBeat(told, { before, peers, now });
  for (const host of [made.host, ...made.superseded]) {
    hosts.set(host.record.hostId, { ...host, record: frozenCopy(host.record) });
  }
  for (const event of made.events) tellControl(state, { ...event, name: null });
  return made.answer;
}

/** Hosts heard of in the last 24 h, newest first; older ones are forgotten. */
export function listHosts(state: MemoryState): readonly HostRecord[] {
  forgetHosts(state);
  const records = [...state.hosts.values()].map(({ record }) => record);
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

function forgetHosts(state: MemoryState): void {
  for (const [hostId, { record }] of state.hosts.entries()) {
    if (record.lastSeenAt < state.now - listedForMs) state.hosts.delete(hostId);
  }
}
