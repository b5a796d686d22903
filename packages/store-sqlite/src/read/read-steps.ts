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
import type { Sql } from "../connection/connection.ts";
import type { StoreReader } from "./store-reader.ts";

const selectSeq: Sql = (n) => `select seq from ${n.task} where id = ?`;
const columns = "attempt, n, kind, level, message, meta, percent, at";
const selectOldest: Sql = (n) => `
select ${columns} from ${n.step} where task = ? and (attempt, n) > (?, ?) order by attempt, n limit ? offset ?`;
const selectNewest: Sql = (n) => `
select ${columns} from ${n.step} where task = ? and (attempt, n) < (?, ?) order by attempt desc, n desc limit ? offset ?`;

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
  const steps = rows.slice(0, limit).map((row) => stepOf(taskId, row));
  const last = steps.at(-1);
  return Object.freeze({
    steps: Object.freeze(steps),
    next: rows.length > limit && last ? stepCursor(from, taskId, last) : null,
  });
}

function stepOf(taskId: string, row: readonly unknown[]): TaskStep {
  const [attempt, n, kind, level, message, meta, percent, at] = row as readonly [
    number,
    number,
    string,
    StepLevel,
    string,
    string | null,
    number | null,
    number,
  ];
  const id = `${attempt}.${n}`;
  const parsed = meta === null ? null : deepFrozen(JSON.parse(meta) as TaskStep["meta"]);
  return Object.freeze({ id, taskId, attempt, n, kind, level, message, meta: parsed, percent, at });
}
