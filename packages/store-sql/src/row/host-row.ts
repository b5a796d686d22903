import type { HostBeat, HostRecord, StoredHost } from "@millrace/models";

/** The columns of a host, in the order that both functions below keep. */
export const hostColumns =
  "host_id, beat, state, is_lost, started_at, last_seen_at, alive_until, drain_requested_at, pod_id, superseded_at, superseded_by, recover_until";

/** A host as a row. */
export function hostRow({ record, isLost, recoverUntil }: StoredHost): readonly (string | number | boolean | null)[] {
  const { startedAt, lastSeenAt, aliveUntil, drainRequestedAt, supersededAt, supersededBy, ...beat } = record;
  return [
    record.hostId,
    JSON.stringify(beat),
    record.state,
    isLost,
    startedAt,
    lastSeenAt,
    aliveUntil,
    drainRequestedAt,
    record.podId,
    supersededAt,
    supersededBy,
    recoverUntil,
  ];
}

/** A row as a host. Big integers may come as text. */
export function hostOfRow(row: readonly unknown[]): StoredHost {
  const number = (at: number): number | null => (row[at] === null || row[at] === undefined ? null : Number(row[at]));
  const text = (at: number): string | null => (typeof row[at] === "string" ? row[at] : null);
  // The columns say what a beat that was written before hosts had pods does not.
  const told = JSON.parse(String(row[1])) as Omit<HostBeat, "begins">;
  Object.freeze(told.kinds);
  const record: HostRecord = Object.freeze({
    ...told,
    podId: text(8),
    startedAt: number(4) ?? 0,
    lastSeenAt: number(5) ?? 0,
    aliveUntil: number(6) ?? 0,
    drainRequestedAt: number(7),
    supersededAt: number(9),
    supersededBy: text(10),
  });
  return { record, isLost: row[3] === true || row[3] === 1, recoverUntil: number(11) };
}
