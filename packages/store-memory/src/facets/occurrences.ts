import {
  askedOccurrenceOf,
  type EnqueueGroupResult,
  type EnqueueRequest,
  isOutdatedStep,
  occurrenceEvent,
  occurrenceOf,
  type OccurrencePage,
  occurrencePage,
  type OccurrencePlace,
  type OccurrenceQuery,
  type OccurrenceRecord,
  placeAfterStep,
  placeOfOccurrence,
  type PlannedOccurrence,
  type ScheduleRunAnswer,
  type ScheduleRunAsk,
  type ScheduleStep,
  type ScheduleStepAnswer,
} from "@millrace/models";
import { inTransaction } from "../effects/in-transaction.ts";
import { enqueue } from "../operations/enqueue.ts";
import { frozen } from "../state/frozen.ts";
import type { MemoryState } from "../state/memory-state.ts";
import { tellControl } from "../state/tell-control.ts";
import { compareKeys, nameOf } from "./schedules.ts";

/** Takes steps, each whole or not at all. */
export function stepSchedules(state: MemoryState, steps: readonly ScheduleStep[]): readonly ScheduleStepAnswer[] {
  return steps.map((step) => inTransaction<ScheduleStepAnswer>(state, () => stepOne(state, step)));
}

function stepOne(state: MemoryState, step: ScheduleStep): ScheduleStepAnswer {
  const before = state.schedules.get(nameOf(step));
  if (!before) return { status: "not-found" };
  if (isOutdatedStep(step, before, state.now)) return { status: "outdated" };
  const occurrences = step.occurrences.flatMap((planned) => {
    if (state.occurrences.has(nameOf(step), planned.scheduledFor)) return [];
    return [record(state, occurrenceOf(step, planned, { result: enqueuePlanned(state, planned), now: state.now }))];
  });
  state.schedules.set(nameOf(step), frozen(placeAfterStep(step, before)));
  return { status: "stepped", occurrences };
}

function enqueuePlanned(state: MemoryState, planned: PlannedOccurrence): EnqueueGroupResult | null {
  return planned.type === "enqueue" ? enqueueOne(state, planned.request) : null;
}

function enqueueOne(state: MemoryState, request: EnqueueRequest): EnqueueGroupResult | null {
  return enqueue(state, [{ tasks: [request] }])[0] ?? null;
}

function record(state: MemoryState, occurrence: OccurrenceRecord): OccurrenceRecord {
  state.occurrences.add(nameOf(occurrence), frozen(occurrence));
  const event = occurrenceEvent(occurrence);
  if (event) tellControl(state, event);
  return occurrence;
}

/** Enqueues now, as occurrences of this moment or of the first free one after it. */
export function runSchedules(state: MemoryState, asks: readonly ScheduleRunAsk[]): readonly ScheduleRunAnswer[] {
  return asks.map((ask) =>
    inTransaction<ScheduleRunAnswer>(state, () => {
      const name = nameOf(ask);
      if (!state.schedules.has(name)) return { status: "not-found" };
      let scheduledFor = state.now;
      while (state.occurrences.has(name, scheduledFor)) scheduledFor += 1;
      const result = enqueueOne(state, ask.request);
      const occurrence = askedOccurrenceOf(ask, scheduledFor, { result, now: state.now });
      return { status: "run", occurrence: record(state, occurrence) };
    }),
  );
}

/** Lists occurrences, the latest first. */
export function listOccurrences(state: MemoryState, query: OccurrenceQuery): OccurrencePage {
  const { schedule, tenantId } = query;
  const from = placeOfOccurrence(query);
  const rows = schedule
    ? state.occurrences.ofSchedule(nameOf(schedule))
    : state.occurrences
        .all()
        .filter((row) => row.outcome !== "enqueued" && (tenantId === undefined || row.tenantId === tenantId));
  const found = rows.filter((row) => latestFirst(row, from) > 0).toSorted(latestFirst);
  return occurrencePage(found, query);
}

function latestFirst(a: OccurrencePlace, b: OccurrencePlace): number {
  return b.scheduledFor - a.scheduledFor || compareKeys(b, a);
}

/** Forgets old occurrences. */
export function pruneOccurrences(state: MemoryState, keepMs: number, limit: number): number {
  const old = state.occurrences.all().filter(({ recordedAt }) => recordedAt < state.now - keepMs);
  const gone = old
    .toSorted((a, b) => a.recordedAt - b.recordedAt || compareKeys(a, b) || a.scheduledFor - b.scheduledFor)
    .slice(0, limit);
  for (const row of gone) state.occurrences.delete(nameOf(row), row.scheduledFor);
  return gone.length;
}
