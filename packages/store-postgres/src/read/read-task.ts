import { type AttemptRecord, isTaskId, type TaskId, type TaskRecord } from "@millrace/models";
import { attemptColumns, attemptOfRow } from "@millrace/store-sql";
import type { Session, Sql } from "../connection/session.ts";
import { storedTask, taskColumns, taskTables } from "../row/task-row.ts";
import { valueOfText } from "../row/value-column.ts";

const selectTasks: Sql = (n) => `select ${taskColumns} from ${taskTables(n)} where t.id = any($1::uuid[])`;
const selectAttempts: Sql = (n) => `
select ${attemptColumns} from ${n.attempt} where task = $1 order by attempt`;

/** Tasks by their ids, aligned; null where there is none. */
export async function getTasks(session: Session, taskIds: readonly TaskId[]): Promise<readonly (TaskRecord | null)[]> {
  const rows = await session.run(selectTasks, [[...new Set(taskIds.filter(isTaskId))]]);
  const found = new Map(rows.map((row) => [String(row[0]), storedTask(row).task]));
  return Object.freeze(taskIds.map((id) => found.get(id) ?? null));
}

/** The rows of a task's ended attempts, oldest first. */
export async function readAttempts(session: Session, taskId: TaskId): Promise<readonly AttemptRecord[]> {
  const rows = isTaskId(taskId) ? await session.run(selectAttempts, [taskId]) : [];
  return Object.freeze(rows.map((row) => attemptOfRow(taskId, row, valueOfText(row.at(-1)))));
}
