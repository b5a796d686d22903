import { groupColumns, groupRow, type JournalBuffer } from "@millrace/store-sql";
import type { Connection, Sql } from "../connection/connection.ts";

const insertEvent: Sql = (n) => `
insert into ${n.event} (${groupColumns}, ids) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, unhex(?, '-'))`;

/** Writes what a transaction has told, one row for each group of events. Answers how many they are. */
export function flushJournal(journal: JournalBuffer, connection: Connection): number {
  if (journal.isEmpty) return 0;
  const insert = connection.use(insertEvent);
  let told = 0;
  for (const group of journal.take()) {
    insert.run(...groupRow(group, (numbers) => numbers.join(",")), group.ids.join(""));
    told += group.versions.length;
  }
  return told;
}
