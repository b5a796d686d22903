import { groupColumns, groupRow } from "@millrace/store-sql";
import type { Sql } from "../connection/session.ts";
import type { StoreTransaction } from "./store-transaction.ts";

const insertEvent: Sql = (n) => `
insert into ${n.event} (${groupColumns}, ids)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::integer[], $13::integer[], $14, $15::uuid[])`;

/** Writes what a transaction has told, one row for each group of events. */
export function flushJournal(tx: Pick<StoreTransaction, "journal" | "write">): void {
  if (tx.journal.isEmpty) return;
  for (const group of tx.journal.take()) {
    tx.write(insertEvent, [...groupRow(group, (numbers) => numbers), group.ids]);
  }
}
