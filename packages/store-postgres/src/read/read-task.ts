import { type AttemptRecord, isTaskId, type TaskId, type TaskRecord } from "@millrace/models";
import { endedOfCode } from "@millrace/store-sql";
import type { Row, Session, Sql } from "../connection/session.ts";
import { numberOf, numberOrNull, textOrNull, storedTask, taskColumns, taskTables } from "../row/task-row.ts";
import { valueOfText } from "../row/value-column.ts";

const selectTasks: Sql = (n) => `select ${taskColumns} from ${taskTables(n)} where t.id = any($1::uuid[])`;
const selectAttempts: Sql = (n) => `
select attempt, lease_token, host_id, claimed_at, started_at, ended_at, ended, outcome, failure
from ${n.attempt} where task = $1 order by attempt`;

/** Tasks by their ids, aligned; null where there is none. */
export async function getTasks(session: Session, taskIds: readonly TaskId[]): Promise<readonly (TaskRecord | null)[]> {
  const rows = await session.run(selectTasks, [[...new Set(taskIds.filter(isTaskId))]]);
  const found = new Map(rows.map((row) => [String(row[0]), storedTask(row).task]));
  return Object.freeze(taskIds.map((id) => found.get(id) ?? null));
}

/** The rows of a task's ended attempts, oldest first. */
export async function readAttempts(session: Session, taskId: TaskId): Promise<readonly AttemptRecord[]> {
  const rows = isTaskId(taskId) ? await session.run(selectAttempts, [taskId]) : [];
  return Object.freeze(rows.map((row) => attemptOf(taskId, row)));
}

function attemptOf(taskId: TaskId, row: Row): AttemptRecord {
  const { by: endedBy, as: endedAs } = endedOfCode(numberOf(row[6]));
  return Object.freeze({
    taskId,
    attempt: numberOf(row[0]),
    leaseToken: String(row[1]),
    hostId: textOrNull(row[2]),
    claimedAt: numberOrNull(row[3]),
    startedAt: numberOrNull(row[4]),
    endedAt: numberOf(row[5]),
    endedBy,
    outcome: String(row[7]),
    endedAs,
    failure: valueOfText(row[8]),
  });
}
