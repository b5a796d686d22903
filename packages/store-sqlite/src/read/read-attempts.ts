import type { AttemptRecord, TaskId, TaskRecord } from "@millrace/models";
import { attemptColumns, attemptOfRow, valueOfColumn } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import { getTask } from "../transaction/read-stored.ts";
import type { StoreReader } from "./store-reader.ts";

const selectAttempts: Sql = (n) => `
select ${attemptColumns} from ${n.attempt}
where task = (select seq from ${n.task} where id = ?) order by attempt`;

/** Tasks by their ids, aligned; null where there is none. */
export function getTasks({ connection }: StoreReader, taskIds: readonly TaskId[]): readonly (TaskRecord | null)[] {
  return Object.freeze(taskIds.map((id) => getTask(connection, id)?.task ?? null));
}

/** The rows of a task's ended attempts, oldest first. */
export function readAttempts({ connection }: StoreReader, taskId: TaskId): readonly AttemptRecord[] {
  const rows = connection.use(selectAttempts).all(taskId);
  return Object.freeze(rows.map((row) => attemptOfRow(taskId, row, valueOfColumn(row.at(-1)))));
}
