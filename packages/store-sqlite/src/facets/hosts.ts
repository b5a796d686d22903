import type { HostBeat, HostRecord, HostsFacet } from "@millrace/models";
import type { Sql } from "../connection/connection.ts";
import { tellControl } from "../effects/tell-control.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

type Unserved = Awaited<ReturnType<HostsFacet["unserved"]>>;

/** How long a host is listed after it was last heard of. */
const listedForMs = 24 * 60 * 60 * 1000;

const columns = "beat, started_at, last_seen_at, alive_until, drain_requested_at, is_lost";
const selectHost: Sql = (n) => `select ${columns} from ${n.host} where host_id = ?`;
const selectHosts: Sql = (n) => `select ${columns} from ${n.host} order by started_at desc, host_id`;
const putHost: Sql = (n) => `
insert or replace into ${n.host}
  (host_id, beat, state, is_lost, started_at, last_seen_at, alive_until, drain_requested_at)
values (?, ?, ?, 0, ?, ?, ?, ?)`;
const dropOldHosts: Sql = (n) => `delete from ${n.host} where last_seen_at < ?`;
const setDrain: Sql = (n) => `
update ${n.host} set drain_requested_at = case when ? then coalesce(drain_requested_at, ?) end where host_id = ?`;
const selectKinds: Sql = (n) => `
select c.kind from ${n.count} c left join ${n.kind} k on k.kind = c.kind
where c.status in (1, -1, -2, -3) and c.n > 0 and k.paused_at is null group by c.kind order by c.kind`;
const dueOfKind: Sql = (n) => `
select count(*), min(at) from (
  select scheduled_at as at from ${n.task} indexed by ${n.task}_ready where status = 1 and kind = ? and scheduled_at <= ?
  union all select due_at from ${n.due} where kind = ? and due_at <= ?
  union all select k.scheduled_at from ${n.shelf} s join ${n.task} k on k.seq = s.seq where s.status = -1 and s.kind = ?)`;

/** Writes a heartbeat, and tells of a host that starts, drains or stops. */
export function beat(tx: StoreTransaction, told: HostBeat): { readonly drain: boolean } {
  const { now } = tx;
  const row = tx.use(selectHost).get(told.hostId);
  const before = row ? hostOf(row) : null;
  const isNew = before === null || before.isLost || before.record.state === "stopped";
  const startedAt = isNew ? now : before.record.startedAt;
  const aliveUntil = told.state === "stopped" ? now : now + told.aliveForMs;
  const drainRequestedAt = isNew ? null : before.record.drainRequestedAt;
  tx.use(putHost).run(told.hostId, JSON.stringify(told), told.state, startedAt, now, aliveUntil, drainRequestedAt);
  const tell = (type: "host_started" | "host_draining" | "host_stopped"): void =>
    tellControl(tx, { type, name: null, hostId: told.hostId, data: null });
  if (isNew) tell("host_started");
  const isChanged = told.state !== (isNew ? "running" : before.record.state);
  if (isChanged && told.state === "draining") tell("host_draining");
  if (isChanged && told.state === "stopped") tell("host_stopped");
  return { drain: drainRequestedAt !== null };
}

/** Hosts heard of in the last 24 h, newest first; older ones are forgotten. */
export function listHosts(tx: StoreTransaction): readonly HostRecord[] {
  tx.use(dropOldHosts).run(tx.now - listedForMs);
  const rows = tx.use(selectHosts).all();
  return Object.freeze(rows.map((row) => hostOf(row).record));
}

/** Asks a host to take no more tasks, or takes that back. */
export function drainHost(tx: StoreTransaction, hostId: string, drain: boolean): boolean {
  return Number(tx.use(setDrain).run(drain ? 1 : 0, tx.now, hostId).changes) > 0;
}

/** Kinds with due tasks that no running host serves and nobody has paused. */
export function unserved(tx: StoreTransaction): Unserved {
  const { now } = tx;
  const hosts = tx
    .use(selectHosts)
    .all()
    .map((row) => hostOf(row).record);
  const serving = hosts.filter(({ state, aliveUntil }) => state === "running" && aliveUntil >= now);
  const served = new Set(serving.flatMap((host) => host.kinds));
  const kinds = tx
    .use(selectKinds)
    .all()
    .map(([kind]) => String(kind));
  return kinds.flatMap((kind): Unserved => {
    if (served.has(kind)) return [];
    const [queued, since] = tx.use(dueOfKind).get(kind, now, kind, now, kind) ?? [];
    if (!queued) return [];
    return [Object.freeze({ kind, queued: Number(queued), since: Math.min(Number(since), now) })];
  });
}

function hostOf(row: readonly unknown[]): { readonly record: HostRecord; readonly isLost: boolean } {
  const [text, startedAt, lastSeenAt, aliveUntil, drainRequestedAt, isLost] = row as readonly [
    string,
    number,
    number,
    number,
    number | null,
    number,
  ];
  const told = JSON.parse(text) as HostBeat;
  Object.freeze(told.kinds);
  const record = Object.freeze({ ...told, startedAt, lastSeenAt, aliveUntil, drainRequestedAt });
  return { record, isLost: isLost === 1 };
}
