import { tellControl } from "@millrace/store-sql";
import type { Sql } from "../connection/session.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

const setLost: Sql = (n) => `
update ${n.host} set is_lost = true
where host_id in (select host_id from ${n.host} where not is_lost and state <> 'stopped' and superseded_at is null and alive_until < $1
  order by host_id for update skip locked)
returning host_id`;

/** Tells, once, of each host that went silent without saying that it stops. */
export async function loseHosts(tx: StoreTransaction): Promise<void> {
  for (const [hostId] of await tx.query(setLost, [tx.now])) {
    tellControl(tx, { type: "host_lost", name: null, hostId: String(hostId), data: null });
  }
}
