import { type TaskId, type TaskRecord, withoutValues } from "@millrace/models";
import type { Sql } from "../connection/connection.ts";
import type { SqliteRow, SqliteStatement, SqliteValue } from "../driver/sqlite-database.ts";
import { flag } from "../row/task-flags.ts";
import { lineColumns, type StoredTask, storedTask, taskColumns } from "../row/task-row.ts";

const selectById: Sql = (n) => `select ${taskColumns} from ${n.task} where id = ?`;
const selectBySeq: Sql = (n) => `select ${taskColumns} from ${n.task} where seq = ?`;
const selectLine: Sql = (n) => `select ${lineColumns} from ${n.task} where seq = ?`;
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

/** A task by its number as a line of a list: what is large about it is not read. */
export function taskLine(reader: Reader, seq: number): TaskRecord | undefined {
  const row = reader.use(selectLine).get(seq);
  return row && withoutValues(storedTask(row, looseOf(reader, row)).task);
}

/** The task of a row of `taskColumns`, with what of it lies in other tables. */
export function readStored(reader: Reader, row: SqliteRow): StoredTask;
export function readStored(reader: Reader, row: SqliteRow | undefined): StoredTask | undefined;
export function readStored(reader: Reader, row: SqliteRow | undefined): StoredTask | undefined {
  if (row === undefined) return undefined;
  const flags = row[5] as number;
  if ((flags & (flag.loose | flag.input)) === 0) return storedTask(row, null);
  const input = flags & flag.input ? inputApart(reader, row[0] as number) : null;
  return storedTask(row, looseOf(reader, row), input);
}

/** What few tasks have lies in a table of its own. */
function looseOf(reader: Reader, row: SqliteRow): string | null {
  if (((row[5] as number) & flag.loose) === 0) return null;
  return (reader.use(selectLoose).get(row[0] as number)?.[0] as string | undefined) ?? null;
}

/** An input that is too large to lie in its task's row. */
export function inputApart(reader: Reader, seq: number): SqliteValue {
  return reader.use(selectInput).get(seq)?.[0] ?? null;
}
