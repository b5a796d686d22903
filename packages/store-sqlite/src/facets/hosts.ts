import { applyBeat, type BeatAnswer, type HostBeat, type HostRecord, mayHavePeers } from "@millrace/models";
import { hostColumns, hostOfRow, hostRow, tellControl } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

/** How long a host is listed after it was last heard of. */
const listedForMs = 24 * 60 * 60 * 1000;

const selectHost: Sql = (n) => `select ${hostColumns} from ${n.host} where host_id = ?`;
const selectPeers: Sql = (n) => `
select ${hostColumns} from ${n.host} indexed by ${n.host}_pod where pod_id = ? and host_id <> ? order by host_id`;
const selectHosts: Sql = (n) => `select ${hostColumns} from ${n.host} order by started_at desc, host_id`;
const putHost: Sql = (n) => `
insert or replace into ${n.host} (${hostColumns}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const dropOldHosts: Sql = (n) => `delete from ${n.host} where last_seen_at < ?`;
const setDrain: Sql = (n) => `
update ${n.host} set drain_requested_at = case when ? then coalesce(drain_requested_at, ?) end where host_id = ?`;

/** Writes a heartbeat, and tells what it changed of this host and of others. */
export function beat(tx: StoreTransaction, told: HostBeat): BeatAnswer {
  const { now } = tx;
  const row = tx.use(selectHost).get(told.hostId);
  const before = row ? hostOfRow(row) : null;
  const others = mayHavePeers(told, { before, now }) ? tx.use(selectPeers).all(told.podId, told.hostId) : [];
  const made = applyBeat(told, { before, peers: others.map((other) => hostOfRow(other)), now });
  for (const host of [made.host, ...made.superseded]) {
    tx.use(putHost).run(...hostRow(host).map((value) => (typeof value === "boolean" ? Number(value) : value)));
  }
  for (const event of made.events) tellControl(tx, { ...event, name: null });
  if (told.begins) tx.use(dropOldHosts).run(now - listedForMs);
  return made.answer;
}

/** Hosts heard of in the last 24 h, newest first; older ones are forgotten. */
export function listHosts(tx: StoreTransaction): readonly HostRecord[] {
  tx.use(dropOldHosts).run(tx.now - listedForMs);
  const rows = tx.use(selectHosts).all();
  return Object.freeze(rows.map((row) => hostOfRow(row).record));
}

/** Asks a host to take no more tasks, or takes that back. */
export function drainHost(tx: StoreTransaction, hostId: string, drain: boolean): boolean {
  return Number(tx.use(setDrain).run(drain ? 1 : 0, tx.now, hostId).changes) > 0;
}
