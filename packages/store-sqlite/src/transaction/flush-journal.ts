import { type JournalBuffer, uniform } from "@millrace/store-sql";
import type { Connection, Sql } from "../connection/connection.ts";

const insertEvent: Sql = (n) => `
insert into ${n.event} (at, type, tenant_id, kind, was, became, reason, host_id, n, version, attempt, ids, versions, attempts, data)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, unhex(?, '-'), ?, ?, ?)`;

/** Writes what a transaction has told, one row for each group of events. Answers how many they are. */
export function flushJournal(journal: JournalBuffer, connection: Connection): number {
  if (journal.isEmpty) return 0;
  const insert = connection.use(insertEvent);
  let told = 0;
  for (const group of journal.take()) {
    const { ids, versions, attempts, data } = group;
    const version = uniform(versions);
    const attempt = uniform(attempts);
    insert.run(
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
      ids.join(""),
      version === null ? versions.join(",") : null,
      attempt === null ? attempts.join(",") : null,
      data === null ? null : JSON.stringify(data),
    );
    told += versions.length;
  }
  return told;
}
