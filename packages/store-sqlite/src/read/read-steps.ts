import { parseStepQuery, placeOfStep, type StepPage, type StepQuery } from "@millrace/models";
import { stepColumns, stepPage } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import type { StoreReader } from "./store-reader.ts";

const selectSeq: Sql = (n) => `select seq from ${n.task} where id = ?`;
const selectOldest: Sql = (n) => `
select ${stepColumns} from ${n.step} where task = ? and (attempt, n) > (?, ?) order by attempt, n limit ? offset ?`;
const selectNewest: Sql = (n) => `
select ${stepColumns} from ${n.step} where task = ? and (attempt, n) < (?, ?) order by attempt desc, n desc limit ? offset ?`;

/** A page of a task's steps, by attempt and number, from either end. */
export function readSteps({ connection }: StoreReader, query: StepQuery): StepPage {
  const { taskId, limit, from, after, offset } = parseStepQuery(query);
  const isUp = from === "oldest";
  const edge = isUp ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER;
  const place = after === null ? { attempt: edge, n: edge } : placeOfStep(after, from, taskId);
  const seq = connection.use(selectSeq).get(taskId)?.[0];
  const rows =
    seq === undefined
      ? []
      : connection.use(isUp ? selectOldest : selectNewest).all(seq, place.attempt, place.n, limit + 1, offset);
  return stepPage(rows, { taskId, limit, from });
}
