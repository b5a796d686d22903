import { type JournalBuffer, uniform } from "@millrace/store-sql";
import type { Connection, Sql } from "../connection/connection.ts";

const insertEvent: Sql = (n) => `
insert into ${n.event} (at, type, tenant_id, kind, was, became, reason, host_id, n, version, attempt, ids, versions, attempts, data)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** Writes what a transaction has told, one row for each group of events. */
export function flushJournal(journal: JournalBuffer, connection: Connection): void {
  if (journal.isEmpty) return;
  const insert = connection.use(insertEvent);
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
      idsToColumn(ids),
      version === null ? versions.join(",") : null,
      attempt === null ? attempts.join(",") : null,
      data === null ? null : JSON.stringify(data),
    );
  }
}

/** Where the 16 pairs of digits stand in the text of an id. */
const pairs: readonly number[] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

// By hand: every task passes here twice, and a text without its hyphens would be made only to be read once.
function idsToColumn(ids: readonly string[]): Uint8Array {
  const bytes = new Uint8Array(ids.length * pairs.length);
  let at = 0;
  for (const id of ids) {
    for (const pair of pairs) {
      bytes[at] = (digit(id.charCodeAt(pair)) << 4) | digit(id.charCodeAt(pair + 1));
      at += 1;
    }
  }
  return bytes;
}

/** The value of a hexadecimal digit in lower case. */
function digit(code: number): number {
  return code < 58 ? code - 48 : code - 87;
}
