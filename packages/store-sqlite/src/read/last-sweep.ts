import type { RetentionSweep, TaskRetentionPolicy } from "@millrace/models";
import { sweepOfColumn, sweepToColumn } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import type { Reader } from "../transaction/read-stored.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

const selectSweep: Sql = (n) => `select value from ${n.meta} where name = 'last_sweep'`;
const putSweep: Sql = (n) => `insert or replace into ${n.meta} (name, value) values ('last_sweep', ?)`;

/** The last sweep of retention that came to its end. */
export function lastSweep(reader: Reader): RetentionSweep | null {
  return sweepOfColumn(reader.use(selectSweep).get()?.[0]);
}

/** Notes that a sweep has come to its end. */
export function noteSweep(tx: StoreTransaction, policy: TaskRetentionPolicy): void {
  tx.use(putSweep).run(sweepToColumn({ policy, at: tx.now }));
}
