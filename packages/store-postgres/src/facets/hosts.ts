import { applyBeat, type BeatAnswer, type HostBeat, type HostRecord, mayHavePeers } from "@millrace/models";
import { hostColumns, hostOfRow, hostRow, tellControl } from "@millrace/store-sql";
import type { Sql } from "../connection/session.ts";
import { readClock } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

/** How long a host is listed after it was last heard of. */
const listedForMs = 24 * 60 * 60 * 1000;

const lockPod: Sql = (n) => `select pg_advisory_xact_lock(hashtextextended('${n.host} ' || $1, 0))`;
const lockHost: Sql = (n) => `select ${hostColumns} from ${n.host} where host_id = $1 for update`;
const lockPeers: Sql = (n) => `
select ${hostColumns} from ${n.host} where pod_id = $1 and host_id <> $2 order by host_id for update`;
const selectHosts: Sql = (n) => `select ${hostColumns} from ${n.host} order by started_at desc, host_id`;
const putHost: Sql = (n) => `
insert into ${n.host} (${hostColumns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
on conflict (host_id) do update set beat = excluded.beat, state = excluded.state, is_lost = excluded.is_lost,
  started_at = excluded.started_at, last_seen_at = excluded.last_seen_at, alive_until = excluded.alive_until,
  drain_requested_at = excluded.drain_requested_at, pod_id = excluded.pod_id, superseded_at = excluded.superseded_at,
  superseded_by = excluded.superseded_by, recover_until = excluded.recover_until`;
const dropOldHosts: Sql = (n) => `
delete from ${n.host} where host_id in (
  select host_id from ${n.host} where last_seen_at < $1 order by host_id for update skip locked)`;
const setDrain: Sql = (n) => `
update ${n.host} set drain_requested_at = case when $2::boolean then coalesce(drain_requested_at, $3::bigint) end
where host_id = $1 returning host_id`;

/** Writes a heartbeat, and tells what it changed of this host and of others. */
export async function beat(tx: StoreTransaction, told: HostBeat): Promise<BeatAnswer> {
  // Before any row: two hosts that begin as one pod would wait for each other's.
  if (told.podId !== null) tx.write(lockPod, [told.podId]);
  const [row] = await tx.query(lockHost, [told.hostId]);
  await readClock(tx);
  const { now } = tx;
  const before = row ? hostOfRow(row) : null;
  const others = mayHavePeers(told, { before, now }) ? await tx.query(lockPeers, [told.podId, told.hostId]) : [];
  const made = applyBeat(told, { before, peers: others.map((other) => hostOfRow(other)), now });
  for (const host of [made.host, ...made.superseded]) tx.write(putHost, hostRow(host));
  for (const event of made.events) tellControl(tx, { ...event, name: null });
  if (told.begins) tx.write(dropOldHosts, [now - listedForMs]);
  return made.answer;
}

/** Hosts heard of in the last 24 h, newest first; older ones are forgotten. */
export async function listHosts(tx: StoreTransaction): Promise<readonly HostRecord[]> {
  await readClock(tx);
  tx.write(dropOldHosts, [tx.now - listedForMs]);
  const hosts = (await tx.query(selectHosts)).map((row) => hostOfRow(row).record);
  return Object.freeze(hosts.filter(({ lastSeenAt }) => lastSeenAt >= tx.now - listedForMs));
}

/** Asks a host to take no more tasks, or takes that back. */
export async function drainHost(tx: StoreTransaction, hostId: string, drain: boolean): Promise<boolean> {
  await readClock(tx);
  return (await tx.query(setDrain, [hostId, drain, tx.now])).length > 0;
}
