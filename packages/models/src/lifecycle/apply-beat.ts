import type { BeatAnswer, HostBeat, HostRecord } from "../contracts/hosts.ts";
import type { ControlEventType } from "../events/task-event.ts";
import type { EpochMs } from "../time/clock.ts";

/** A host as a store keeps it. */
export interface StoredHost {
  readonly record: HostRecord;
  /** The journal has called it lost. */
  readonly isLost: boolean;
  /** Leases that it took up to then are to be ended by the next sweeps; null = none are. */
  readonly recoverUntil: EpochMs | null;
}

/** Something to be told of a host. */
export interface HostEvent {
  readonly type: Extract<ControlEventType, `host_${string}`>;
  readonly hostId: string;
  /** On `host_superseded` the host that took its place. */
  readonly data: string | null;
}

/** What a heartbeat did. */
export interface MadeBeat {
  readonly host: StoredHost;
  /** Other hosts that it changed. */
  readonly superseded: readonly StoredHost[];
  /** In order. */
  readonly events: readonly HostEvent[];
  readonly answer: BeatAnswer;
}

/** What a heartbeat meets: the host as it was kept, and the others of its pod where `mayHavePeers` says so. */
export interface BeatScene {
  readonly before: StoredHost | null;
  readonly peers: readonly StoredHost[];
  readonly now: EpochMs;
}

/** From one look for kinds that nobody serves to the next, over all hosts of a store. */
export const unservedLookMs = 10_000;

/** Due tasks of a kind are counted up to here: what waits may be a million, and is looked at while people wait. */
export const mostDueCounted = 1_000;

/** Whether a host was heard of within the time it asked for, and has its place. */
export function isHostAlive(host: HostRecord, now: EpochMs): boolean {
  return host.state !== "stopped" && host.supersededAt === null && host.aliveUntil >= now;
}

/** Whether the other hosts of its pod matter for this beat: no steady one pays for looking at them. */
export function mayHavePeers(told: HostBeat, { before, now }: Omit<BeatScene, "peers">): boolean {
  if (told.podId === null || told.state === "stopped") return false;
  return told.begins !== undefined || before === null || before.isLost || !isHostAlive(before.record, now);
}

/** The one rule of the registry: what a heartbeat makes of the host that sent it, and of the others of its pod. */
export function applyBeat(told: HostBeat, scene: BeatScene): MadeBeat {
  const { before, now } = scene;
  const peers = mayHavePeers(told, scene) ? scene.peers : [];
  const begins = told.state === "stopped" ? undefined : told.begins;
  const holder = begins ? null : (peers.find(({ record }) => isHostAlive(record, now))?.record.hostId ?? null);
  const isNew = holder === null && isNewLife(told, before);
  const host = hostAfter(told, { ...scene, isNew, holder });
  const superseded = begins ? peers.flatMap((peer) => supersededBy(told, peer, now)) : [];
  const newly = superseded.filter(({ record }) => record.supersededAt === now);
  const events: readonly HostEvent[] = [
    ...ownEvents(told, before, { isNew, holder }),
    ...newly.map(({ record }): HostEvent => eventOf("host_superseded", record.hostId, told.hostId)),
  ];
  const { drainRequestedAt } = host.record;
  return { host, superseded, events, answer: { drain: drainRequestedAt !== null, supersededBy: holder } };
}

/** Whether it comes, or comes back, from being stopped, lost or replaced. */
function isNewLife(told: HostBeat, before: StoredHost | null): boolean {
  if (before === null || before.isLost || before.record.state === "stopped") return true;
  if (told.state === "stopped") return false;
  return told.begins !== undefined || before.record.supersededAt !== null;
}

interface Standing {
  readonly isNew: boolean;
  /** The host that lives as its pod. */
  readonly holder: string | null;
}

function hostAfter(told: HostBeat, { before, now, isNew, holder }: BeatScene & Standing): StoredHost {
  const { begins: _begins, ...said } = told;
  const known = isNew ? null : (before?.record ?? null);
  const isReplaced = holder !== null || (known !== null && known.supersededAt !== null);
  const record: HostRecord = {
    ...said,
    startedAt: known?.startedAt ?? now,
    lastSeenAt: now,
    aliveUntil: told.state === "stopped" ? now : now + told.aliveForMs,
    drainRequestedAt: known?.drainRequestedAt ?? null,
    supersededAt: isReplaced ? (known?.supersededAt ?? now) : null,
    supersededBy: isReplaced ? (holder ?? known?.supersededBy ?? null) : null,
  };
  return { record, isLost: false, recoverUntil: recoverUntilOf(told, { before, now }, isReplaced) };
}

function recoverUntilOf(
  { begins, podId }: HostBeat,
  { before, now }: Omit<BeatScene, "peers">,
  isReplaced: boolean,
): EpochMs | null {
  if (before === null) return null;
  // The same name again, and its last life did not say that it ended: what that one held is in nobody's hands.
  if (begins?.recover === true && podId !== null && before.record.state !== "stopped") return now;
  // It has its place back, and goes on with what it still holds.
  if (before.record.supersededAt !== null && !isReplaced) return null;
  return before.recoverUntil;
}

/** A peer of a host that begins, as it stands then; nothing where there is nothing to change. */
function supersededBy(told: HostBeat, peer: StoredHost, now: EpochMs): readonly StoredHost[] {
  const { record } = peer;
  if (record.state === "stopped") return [];
  // Replaced before, and silent since: all it had was dealt with then.
  if (record.supersededAt !== null && record.lastSeenAt <= record.supersededAt) return [];
  const recoverUntil = told.begins?.recover === true ? now : peer.recoverUntil;
  if (record.supersededAt !== null) return [{ ...peer, recoverUntil }];
  return [{ ...peer, recoverUntil, record: { ...record, supersededAt: now, supersededBy: told.hostId } }];
}

function ownEvents(told: HostBeat, before: StoredHost | null, { isNew, holder }: Standing): readonly HostEvent[] {
  const { hostId, state } = told;
  const events: HostEvent[] = [];
  if (isNew) events.push(eventOf("host_started", hostId));
  if (holder !== null && (before === null || before.record.supersededAt === null)) {
    events.push(eventOf("host_superseded", hostId, holder));
  }
  const was = isNew || before === null ? "running" : before.record.state;
  if (state !== was && state === "draining") events.push(eventOf("host_draining", hostId));
  if (state !== was && state === "stopped") events.push(eventOf("host_stopped", hostId));
  return events;
}

function eventOf(type: HostEvent["type"], hostId: string, data: string | null = null): HostEvent {
  return { type, hostId, data };
}
