import type { TaskId } from "@millrace/models";
import type { Sql } from "../connection/session.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

const selectHosts: Sql = (n) => `
select host_id, coalesce(superseded_by, host_id), recover_until from ${n.host} where recover_until is not null order by host_id`;
/** What another sweep or its owner is busy with is left to it. */
const selectHeld: Sql = (n) => `
select id from ${n.running} where host_id = $1 and claimed_at <= $2 order by id limit $3 for update skip locked`;
const endRecovery: Sql = (n) => `
update ${n.host} set recover_until = null where host_id in (
  select host_id from ${n.host} where host_id = $1 and recover_until = $2
    and not exists (select 1 from ${n.running} r where r.host_id = $1 and r.claimed_at <= $2)
  for update skip locked)`;

/** A lease that ends because its owner gave way. */
export interface Recovered {
  readonly id: TaskId;
  readonly supersededBy: string;
}

/** Locks up to `limit` leases of hosts that gave way to others, of the time before they did. */
export async function lockSuperseded(tx: StoreTransaction, limit: number): Promise<readonly Recovered[]> {
  const recovered: Recovered[] = [];
  for (const [hostId, supersededBy, until] of await tx.query(selectHosts)) {
    const rows = await tx.query(selectHeld, [hostId, until, limit - recovered.length]);
    if (rows.length === 0) tx.write(endRecovery, [hostId, until]);
    recovered.push(...rows.map(([id]) => ({ id: String(id), supersededBy: String(supersededBy) })));
    if (recovered.length >= limit) break;
  }
  return recovered;
}
