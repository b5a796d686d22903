import type { RetentionSweep, TaskRetentionPolicy } from "@millrace/models";
import { sweepOfColumn, sweepToColumn } from "@millrace/store-sql";
import type { Session, Sql } from "../connection/session.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

const selectSweep: Sql = (n) => `select value from ${n.meta} where name = 'last_sweep'`;
const putSweep: Sql = (n) => `
insert into ${n.meta} (name, value) values ('last_sweep', $1) on conflict (name) do update set value = excluded.value`;

/** The last sweep of retention that came to its end. */
export async function lastSweep(session: Session): Promise<RetentionSweep | null> {
  const [row] = await session.run(selectSweep);
  return sweepOfColumn(row?.[0]);
}

/** Notes that a sweep has come to its end. */
export function noteSweep(tx: StoreTransaction, policy: TaskRetentionPolicy): void {
  tx.write(putSweep, [sweepToColumn({ policy, at: tx.now })]);
}
