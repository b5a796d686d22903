import type { CursorsFacet, EventCursor } from "@millrace/models";
import { deepFrozen } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import type { Reader } from "../transaction/read-stored.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

type CursorList = Awaited<ReturnType<CursorsFacet["list"]>>;

const selectCursor: Sql = (n) => `select cursor from ${n.cursor} where consumer = ?`;
const putCursor: Sql = (n) => `insert or replace into ${n.cursor} (consumer, cursor, saved_at) values (?, ?, ?)`;
const selectCursors: Sql = (n) => `select consumer, cursor, saved_at from ${n.cursor} order by consumer`;
const dropCursor: Sql = (n) => `delete from ${n.cursor} where consumer = ?`;

/** Where a journal reader has come to; null = it never said. */
export function loadCursor(reader: Reader, consumer: string): EventCursor | null {
  return (reader.use(selectCursor).get(consumer)?.[0] as EventCursor | undefined) ?? null;
}

/** Keeps the place of a journal reader. */
export function saveCursor(tx: StoreTransaction, consumer: string, cursor: EventCursor): void {
  tx.use(putCursor).run(consumer, cursor, tx.now);
}

/** Every reader, by name. */
export function listCursors(reader: Reader): CursorList {
  const rows = reader.use(selectCursors).all();
  return deepFrozen(
    rows.map(([consumer, cursor, savedAt]) => {
      return { consumer: String(consumer), cursor: String(cursor), savedAt: Number(savedAt) };
    }),
  );
}

/** The reader will not come back: it holds up no retention any more. */
export function forgetCursor(tx: StoreTransaction, consumer: string): void {
  tx.use(dropCursor).run(consumer);
}
