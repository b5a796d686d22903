import type { HostBeat, HostRecord, HostsFacet } from "@millrace/models";
import type { Row, Sql } from "../connection/session.ts";
import { tellControl } from "../effects/tell-control.ts";
import { place } from "../row/task-flags.ts";
import { numberOf, numberOrNull } from "../row/task-row.ts";
import { readClock } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

type Unserved = Awaited<ReturnType<HostsFacet["unserved"]>>;

/** How long a host is listed after it was last heard of. */
const listedForMs = 24 * 60 * 60 * 1000;

const columns = "beat, started_at, last_seen_at, alive_until, drain_requested_at, is_lost";
const lockHost: Sql = (n) => `select ${columns} from ${n.host} where host_id = $1 for update`;
const selectHosts: Sql = (n) => `select ${columns} from ${n.host} order by started_at desc, host_id`;
const putHost: Sql = (n) => `
insert into ${n.host} (host_id, beat, state, is_lost, started_at, last_seen_at, alive_until, drain_requested_at)
values ($1, $2, $3, false, $4, $5, $6, $7)
on conflict (host_id) do update set beat = excluded.beat, state = excluded.state, is_lost = false,
  started_at = excluded.started_at, last_seen_at = excluded.last_seen_at, alive_until = excluded.alive_until,
  drain_requested_at = excluded.drain_requested_at`;
const dropOldHosts: Sql = (n) => `delete from ${n.host} where last_seen_at < $1`;
const setDrain: Sql = (n) => `
update ${n.host} set drain_requested_at = case when $2::boolean then coalesce(drain_requested_at, $3::bigint) end
where host_id = $1 returning host_id`;
const dueKinds: Sql = (n) => `
select q.kind, count(*), min(q.scheduled_at) from ${n.queue} q
where (q.place in (${place.ready}, ${place.parked}) or q.scheduled_at <= $1)
  and not exists (select 1 from ${n.kind} k where k.kind = q.kind and k.paused_at is not null)
group by q.kind order by q.kind`;

/** Writes a heartbeat, and tells of a host that starts, drains or stops. */
export async function beat(tx: StoreTransaction, told: HostBeat): Promise<{ readonly drain: boolean }> {
  const [row] = await tx.query(lockHost, [told.hostId]);
  await readClock(tx);
  const { now } = tx;
  const before = row ? hostOf(row) : null;
  const isNew = before === null || before.isLost || before.record.state === "stopped";
  const startedAt = isNew ? now : before.record.startedAt;
  const aliveUntil = told.state === "stopped" ? now : now + told.aliveForMs;
  const drainRequestedAt = isNew ? null : before.record.drainRequestedAt;
  tx.write(putHost, [told.hostId, JSON.stringify(told), told.state, startedAt, now, aliveUntil, drainRequestedAt]);
  const tell = (type: "host_started" | "host_draining" | "host_stopped"): void =>
    tellControl(tx, { type, name: null, hostId: told.hostId, data: null });
  if (isNew) tell("host_started");
  const isChanged = told.state !== (isNew ? "running" : before.record.state);
  if (isChanged && told.state === "draining") tell("host_draining");
  if (isChanged && told.state === "stopped") tell("host_stopped");
  return { drain: drainRequestedAt !== null };
}

/** Hosts heard of in the last 24 h, newest first; older ones are forgotten. */
export async function listHosts(tx: StoreTransaction): Promise<readonly HostRecord[]> {
  await readClock(tx);
  tx.write(dropOldHosts, [tx.now - listedForMs]);
  return Object.freeze((await tx.query(selectHosts)).map((row) => hostOf(row).record));
}

/** Asks a host to take no more tasks, or takes that back. */
export async function drainHost(tx: StoreTransaction, hostId: string, drain: boolean): Promise<boolean> {
  await readClock(tx);
  return (await tx.query(setDrain, [hostId, drain, tx.now])).length > 0;
}

/** Kinds with due tasks that no running host serves and nobody has paused. */
export async function unserved(tx: StoreTransaction): Promise<Unserved> {
  await readClock(tx);
  const { now } = tx;
  const hosts = (await tx.query(selectHosts)).map((row) => hostOf(row).record);
  const serving = hosts.filter(({ state, aliveUntil }) => state === "running" && aliveUntil >= now);
  const served = new Set(serving.flatMap((host) => host.kinds));
  const rows = await tx.query(dueKinds, [now]);
  return rows
    .filter(([kind]) => !served.has(String(kind)))
    .map(([kind, queued, since]) =>
      Object.freeze({ kind: String(kind), queued: numberOf(queued), since: Math.min(numberOf(since), now) }),
    );
}

function hostOf(row: Row): { readonly record: HostRecord; readonly isLost: boolean } {
  const told = JSON.parse(String(row[0])) as HostBeat;
  Object.freeze(told.kinds);
  const record = Object.freeze({
    ...told,
    startedAt: numberOf(row[1]),
    lastSeenAt: numberOf(row[2]),
    aliveUntil: numberOf(row[3]),
    drainRequestedAt: numberOrNull(row[4]),
  });
  return { record, isLost: row[5] === true };
}
