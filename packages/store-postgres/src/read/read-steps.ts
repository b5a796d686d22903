import { parseStepQuery, placeOfStep, type StepPage, type StepQuery } from "@millrace/models";
import { stepColumns, stepPage } from "@millrace/store-sql";
import type { Session, Sql } from "../connection/session.ts";

const selectOldest: Sql = (n) => `
select ${stepColumns} from ${n.step} where task = $1 and (attempt, n) > ($2::integer, $3::bigint)
order by attempt, n limit $4 offset $5`;
const selectNewest: Sql = (n) => `
select ${stepColumns} from ${n.step} where task = $1 and (attempt, n) < ($2::integer, $3::bigint)
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
  return stepPage(rows, { taskId, limit, from });
}
