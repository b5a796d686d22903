import type { AttemptRecord, TaskId, TaskRecord } from "@millrace/models";
import { endedOfCode, valueOfColumn } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import { getTask } from "../transaction/read-stored.ts";
import type { StoreReader } from "./store-reader.ts";

const selectAttempts: Sql = (n) => `
select a.attempt, a.lease_token, a.host_id, a.claimed_at, a.started_at, a.ended_at, a.ended, a.outcome, a.failure
from ${n.task} t join ${n.attempt} a on a.task = t.seq where t.id = ? order by a.attempt`;

/** Tasks by their ids, aligned; null where there is none. */
export function getTasks({ connection }: StoreReader, taskIds: readonly TaskId[]): readonly (TaskRecord | null)[] {
  return Object.freeze(taskIds.map((id) => getTask(connection, id)?.task ?? null));
}

/** The rows of a task's ended attempts, oldest first. */
export function readAttempts({ connection }: StoreReader, taskId: TaskId): readonly AttemptRecord[] {
  const rows = connection.use(selectAttempts).all(taskId);
  return Object.freeze(rows.map((row) => attemptOf(taskId, row)));
}

function attemptOf(taskId: TaskId, row: readonly unknown[]): AttemptRecord {
  const [attempt, leaseToken, hostId, claimedAt, startedAt, endedAt, ended, outcome, failure] = row as readonly [
    number,
    string,
    string | null,
    number | null,
    number | null,
    number,
    number,
    string,
    unknown,
  ];
  const { by: endedBy, as: endedAs } = endedOfCode(ended);
  return Object.freeze({
    taskId,
    attempt,
    leaseToken,
    hostId,
    claimedAt,
    startedAt,
    endedAt,
    endedBy,
    outcome,
    endedAs,
    failure: valueOfColumn(failure),
  });
}
