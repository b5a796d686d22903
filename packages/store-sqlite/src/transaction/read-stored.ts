import type { TaskId } from "@millrace/models";
import type { Sql } from "../connection/connection.ts";
import type { SqliteRow, SqliteStatement, SqliteValue } from "../driver/sqlite-database.ts";
import { flag } from "../row/task-flags.ts";
import { type StoredTask, storedTask, taskColumns } from "../row/task-row.ts";

const selectById: Sql = (n) => `select ${taskColumns} from ${n.task} where id = ?`;
const selectBySeq: Sql = (n) => `select ${taskColumns} from ${n.task} where seq = ?`;
const selectLoose: Sql = (n) => `select loose from ${n.loose} where seq = ?`;
const selectInput: Sql = (n) => `select input from ${n.input} where seq = ?`;

/** Something statements can be run on: a transaction, or a connection that only reads. */
export interface Reader {
  use(sql: Sql): SqliteStatement;
}

/** A task by id, with everything about it. */
export function getTask(reader: Reader, id: TaskId): StoredTask | undefined {
  return readStored(reader, reader.use(selectById).get(id));
}

/** A task by its number. */
export function getBySeq(reader: Reader, seq: number): StoredTask | undefined {
  return readStored(reader, reader.use(selectBySeq).get(seq));
}

/** The task of a row of `taskColumns`, with what of it lies in other tables. */
export function readStored(reader: Reader, row: SqliteRow): StoredTask;
export function readStored(reader: Reader, row: SqliteRow | undefined): StoredTask | undefined;
export function readStored(reader: Reader, row: SqliteRow | undefined): StoredTask | undefined {
  if (row === undefined) return undefined;
  const flags = row[5] as number;
  if ((flags & (flag.loose | flag.input)) === 0) return storedTask(row, null);
  const seq = row[0] as number;
  const loose = flags & flag.loose ? ((reader.use(selectLoose).get(seq)?.[0] as string | undefined) ?? null) : null;
  const input = flags & flag.input ? inputApart(reader, seq) : null;
  return storedTask(row, loose, input);
}

/** An input that is too large to lie in its task's row. */
export function inputApart(reader: Reader, seq: number): SqliteValue {
  return reader.use(selectInput).get(seq)?.[0] ?? null;
}
