import { uniform } from "@millrace/store-sql";
import type { Sql } from "../connection/session.ts";
import type { StoreTransaction } from "./store-transaction.ts";

const insertEvent: Sql = (n) => `
insert into ${n.event} (at, type, tenant_id, kind, was, became, reason, host_id, n, version, attempt, ids, versions, attempts, data)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::uuid[], $13::integer[], $14::integer[], $15)`;

/** Writes what a transaction has told, one row for each group of events. */
export function flushJournal(tx: Pick<StoreTransaction, "journal" | "write">): void {
  if (tx.journal.isEmpty) return;
  for (const group of tx.journal.take()) {
    const { ids, versions, attempts, data } = group;
    const version = uniform(versions);
    const attempt = uniform(attempts);
    tx.write(insertEvent, [
      group.at,
      group.type,
      group.tenantId,
      group.kind,
      group.was,
      group.became,
      group.reason,
      group.hostId,
      versions.length,
      version,
      attempt,
      ids,
      version === null ? versions : null,
      attempt === null ? attempts : null,
      data === null ? null : JSON.stringify(data),
    ]);
  }
}
