import {
  parseStepQuery,
  placeOfStep,
  stepCursor,
  type StepLevel,
  type StepPage,
  type StepQuery,
  type TaskStep,
} from "@millrace/models";
import { deepFrozen } from "@millrace/store-sql";
import type { Row, Session, Sql } from "../connection/session.ts";
import { numberOf, numberOrNull, textOrNull } from "../row/task-row.ts";

const columns = "attempt, n, kind, level, message, meta, percent, at";
const selectOldest: Sql = (n) => `
select ${columns} from ${n.step} where task = $1 and (attempt, n) > ($2::integer, $3::bigint)
order by attempt, n limit $4 offset $5`;
const selectNewest: Sql = (n) => `
select ${columns} from ${n.step} where task = $1 and (attempt, n) < ($2::integer, $3::bigint)
order by attempt desc, n desc limit $4 offset $5`;

/** Beyond every attempt. */
const lastAttempt = 2_147_483_647;

/** A page of a task's steps, by attempt and number, from either end. */
export async function readSteps(session: Session, query: StepQuery): Promise<StepPage> {
  const { taskId, limit, from, after, offset } = parseStepQuery(query);
  const isUp = from === "oldest";
  const edge = isUp ? { attempt: -1, n: 0 } : { attempt: lastAttempt, n: 0 };
  const place = after === null ? edge : placeOfStep(after, from, taskId);
  const values = [taskId, place.attempt, place.n, limit + 1, offset];
  const rows = await session.run(isUp ? selectOldest : selectNewest, values);
  const steps = rows.slice(0, limit).map((row) => stepOf(taskId, row));
  const last = steps.at(-1);
  return Object.freeze({
    steps: Object.freeze(steps),
    next: rows.length > limit && last ? stepCursor(from, taskId, last) : null,
  });
}

function stepOf(taskId: string, row: Row): TaskStep {
  const attempt = numberOf(row[0]);
  const n = numberOf(row[1]);
  const meta = textOrNull(row[5]);
  return Object.freeze({
    id: `${attempt}.${n}`,
    taskId,
    attempt,
    n,
    kind: String(row[2]),
    level: String(row[3]) as StepLevel,
    message: String(row[4]),
    meta: meta === null ? null : deepFrozen(JSON.parse(meta) as TaskStep["meta"]),
    percent: numberOrNull(row[6]),
    at: numberOf(row[7]),
  });
}
