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

/** The value of each hexadecimal digit in lower case, by its code. */
const digits: Uint8Array = new Uint8Array(256);
for (let value = 0; value < 16; value += 1) digits[value.toString(16).charCodeAt(0)] = value;

const idLength = 36;

// By hand: every task passes here twice. All ids as the bytes of one text are read faster than each of their characters.
function idsToColumn(ids: readonly string[]): Uint8Array {
  const text = Buffer.from(ids.join(""), "latin1");
  const bytes = new Uint8Array(ids.length * pairs.length);
  let at = 0;
  for (let from = 0; from < text.length; from += idLength) {
    for (const pair of pairs) {
      bytes[at] = ((digits[text[from + pair] ?? 0] ?? 0) << 4) | (digits[text[from + pair + 1] ?? 0] ?? 0);
      at += 1;
    }
  }
  return bytes;
}
