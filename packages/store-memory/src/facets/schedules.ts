import {
  applyScheduleAsk,
  applyScheduleChange,
  type DueSchedules,
  type MadeSchedule,
  matchesScheduleQuery,
  placeOfSchedule,
  type ScheduleAnswer,
  type ScheduleAsk,
  type ScheduleChange,
  type ScheduleChangeAnswer,
  type ScheduleKey,
  type SchedulePage,
  schedulePage,
  type ScheduleQuery,
  type ScheduleRecord,
} from "@millrace/models";
import { frozen, frozenCopy } from "../state/frozen.ts";
import type { MemoryState } from "../state/memory-state.ts";
import { scopedKey } from "../state/scoped-key.ts";
import { tellControl } from "../state/tell-control.ts";

/** Makes or changes schedules. */
export function putSchedules(state: MemoryState, asks: readonly ScheduleAsk[]): readonly ScheduleAnswer[] {
  return asks.map((ask) => kept(state, ask, applyScheduleAsk(frozenCopy(ask), sceneOf(state, ask))));
}

/** Pauses, resumes, skips and removes. */
export function changeSchedules(
  state: MemoryState,
  changes: readonly ScheduleChange[],
): readonly ScheduleChangeAnswer[] {
  return changes.map((change) => kept(state, change, applyScheduleChange(change, sceneOf(state, change))));
}

function sceneOf(
  state: MemoryState,
  key: ScheduleKey,
): { readonly before: ScheduleRecord | null; readonly now: number } {
  return { before: state.schedules.get(nameOf(key)) ?? null, now: state.now };
}

function kept<Answer extends ScheduleAnswer | ScheduleChangeAnswer>(
  state: MemoryState,
  key: ScheduleKey,
  { answer, after, events }: MadeSchedule<Answer>,
): Answer {
  if (after === null) {
    state.schedules.delete(nameOf(key));
    state.occurrences.forget(nameOf(key));
  } else if (after !== "as-before") state.schedules.set(nameOf(key), frozen(after));
  for (const event of events) tellControl(state, event);
  return frozen(answer);
}

/** Hands out schedules to be looked at, and holds them for a while. */
export function takeSchedules(
  state: MemoryState,
  { limit, holdMs }: { readonly limit: number; readonly holdMs: number },
): DueSchedules {
  const { now } = state;
  const waiting = [...state.schedules.values()].filter(({ lookAt }) => lookAt !== null).toSorted(byLook);
  const due = waiting.filter(({ lookAt }) => (lookAt ?? 0) <= now);
  const taken = due.slice(0, limit).map((schedule) => frozen({ ...schedule, lookAt: now + holdMs }));
  for (const schedule of taken) state.schedules.set(nameOf(schedule), schedule);
  const next = Math.min(...waiting.map(({ lookAt }) => lookAt ?? 0).filter((at) => at > now), ...held(taken));
  return Object.freeze({
    schedules: Object.freeze(taken),
    now,
    more: taken.length === limit,
    nextDueInMs: Number.isFinite(next) ? next - now : null,
  });
}

function held(taken: readonly ScheduleRecord[]): readonly number[] {
  return taken.slice(0, 1).map(({ lookAt }) => lookAt ?? 0);
}

function byLook(a: ScheduleRecord, b: ScheduleRecord): number {
  return (a.lookAt ?? 0) - (b.lookAt ?? 0) || compareKeys(a, b);
}

/** Lists schedules by tenant and id. */
export function readSchedules(state: MemoryState, query: ScheduleQuery): SchedulePage {
  const from = query.after === undefined ? null : placeOfSchedule(query.after);
  const found = [...state.schedules.values()]
    .filter((schedule) => matchesScheduleQuery(schedule, query) && (from === null || compareKeys(schedule, from) > 0))
    .toSorted(compareKeys);
  return schedulePage(found, query, state.now);
}

/** What the tables of schedules and occurrences are keyed by. */
export function nameOf({ tenantId, scheduleId }: ScheduleKey): string {
  return scopedKey(tenantId, scheduleId);
}

/** The order of lists. */
export function compareKeys(a: ScheduleKey, b: ScheduleKey): number {
  if (a.tenantId !== b.tenantId) return a.tenantId < b.tenantId ? -1 : 1;
  if (a.scheduleId === b.scheduleId) return 0;
  return a.scheduleId < b.scheduleId ? -1 : 1;
}
