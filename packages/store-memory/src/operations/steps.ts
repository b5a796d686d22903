import {
  parseStepQuery,
  placeOfStep,
  stepCursor,
  type StepPage,
  type StepPlace,
  type StepQuery,
} from "@millrace/models";
import type { MemoryState } from "../state/memory-state.ts";

/** A page of a task's steps, by attempt and number, from either end. */
export function steps(state: MemoryState, query: StepQuery): StepPage {
  const { taskId, limit, from, after, offset } = parseStepQuery(query);
  const sign = from === "oldest" ? 1 : -1;
  const compare = (a: StepPlace, b: StepPlace): number => sign * (a.attempt - b.attempt || a.n - b.n);
  const place = after === null ? null : placeOfStep(after, from, taskId);
  const all = [...state.steps.ofTask(taskId).values()];
  const found = all.filter((step) => place === null || compare(place, step) < 0);
  const page = found.toSorted(compare).slice(offset, offset + limit);
  const last = page.at(-1);
  const hasMore = found.length > offset + page.length;
  return Object.freeze({
    steps: Object.freeze(page),
    next: hasMore && last ? stepCursor(from, taskId, last) : null,
  });
}
