import { tellControl } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

const selectLost: Sql = (n) => `
select host_id from ${n.host} where is_lost = 0 and state <> 'stopped' and superseded_at is null and alive_until < ?`;
const setLost: Sql = (n) => `update ${n.host} set is_lost = 1 where host_id = ?`;

/** Tells, once, of each host that went silent without saying that it stops. */
export function loseHosts(tx: StoreTransaction): void {
  for (const [hostId] of tx.use(selectLost).all(tx.now)) {
    tx.use(setLost).run(hostId ?? null);
    tellControl(tx, { type: "host_lost", name: null, hostId: String(hostId), data: null });
  }
}
