import {
  createTaskId,
  type Clock,
  type EpochMs,
  type Logger,
  type PlannedOccurrence,
  type RequestMaker,
  type ScheduleRecord,
  type ScheduleStep,
  type ScheduleStore,
} from "@millrace/models";
import { planStep, type StepOccurrence } from "../plan/plan-step.ts";
import { policyOfJson } from "../schedule-policy.ts";
import { timesOfJson } from "../times/schedule-times.ts";
import { forOccurrence } from "./scheduled-request.ts";

/** What a round works with. */
export interface RoundPorts {
  readonly store: ScheduleStore;
  readonly requests: RequestMaker;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly graceMs: number;
  readonly batchSize: number;
  readonly holdMs: number;
}

// A step of one schedule is never cut; several go together while they bring no more tasks than that.
const mostTasks = 500;

/** Takes what is due until there is no more. Answers when the next falls due, as a delay; null = nothing is known to. */
export async function runRounds(ports: RoundPorts): Promise<number | null> {
  for (;;) {
    const due = await ports.store.take({ limit: ports.batchSize, holdMs: ports.holdMs });
    const steps: ScheduleStep[] = [];
    for (const schedule of due.schedules) {
      const step = await stepFor(schedule, due.now, ports);
      if (step) steps.push(step);
    }
    await sendSteps(steps, ports);
    if (ports.signal.aborted) return null;
    if (!due.more && !steps.some(({ lookAt }) => lookAt !== null && lookAt <= due.now)) return soonest(due, steps);
  }
}

/** The next moment: of those that were not due, or of those that were just stepped, whose hold is over. */
function soonest(
  { now, nextDueInMs }: { readonly now: EpochMs; readonly nextDueInMs: number | null },
  steps: readonly ScheduleStep[],
): number | null {
  const delays = steps.flatMap(({ lookAt }) => (lookAt === null ? [] : [lookAt - now]));
  const all = nextDueInMs === null ? delays : [...delays, nextDueInMs];
  return all.length === 0 ? null : all.reduce((least, delay) => Math.min(least, delay), Number.POSITIVE_INFINITY);
}

/** Null when this host cannot make its requests; another one may, once the hold is over. */
async function stepFor(schedule: ScheduleRecord, now: EpochMs, ports: RoundPorts): Promise<ScheduleStep | null> {
  const { tenantId, scheduleId, revision, placeAt } = schedule;
  try {
    const plan = planStep({
      times: timesOfJson(schedule.times),
      catchUp: policyOfJson(schedule.policy).catchUp,
      anchorAt: schedule.anchorAt,
      placeAt,
      isPaused: schedule.pausedAt !== null,
      skipUntil: schedule.skipUntil,
      now,
      graceMs: ports.graceMs,
    });
    const occurrences: PlannedOccurrence[] = [];
    for (const occurrence of plan.occurrences) occurrences.push(await withRequest(schedule, occurrence, ports));
    return { ...plan, tenantId, scheduleId, revision, takenAt: now, fromAt: placeAt, occurrences };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    ports.logger.error(`The schedule "${scheduleId}" cannot be followed by this host.`, { tenantId, error: text });
    return null;
  }
}

async function withRequest(
  schedule: ScheduleRecord,
  occurrence: StepOccurrence,
  { requests, clock }: RoundPorts,
): Promise<PlannedOccurrence> {
  if (occurrence.type === "pass") return occurrence;
  const copy = await requests.copy(schedule.request, createTaskId(Math.floor(clock.now())));
  return { ...occurrence, request: forOccurrence(copy, schedule, occurrence.scheduledFor) };
}

async function sendSteps(steps: readonly ScheduleStep[], ports: RoundPorts): Promise<void> {
  let from = 0;
  while (from < steps.length) {
    let to = from;
    let tasks = 0;
    do {
      tasks += steps[to]?.occurrences.length ?? 0;
      to += 1;
    } while (to < steps.length && tasks + (steps[to]?.occurrences.length ?? 0) <= mostTasks);
    const answers = await ports.store.step(steps.slice(from, to));
    for (const answer of answers) if (answer.status === "stepped") tell(answer.occurrences, ports.logger);
    from = to;
  }
}

function tell(
  occurrences: readonly { readonly outcome: string; readonly scheduleId: string; readonly reason: string | null }[],
  logger: Logger,
): void {
  for (const { outcome, scheduleId, reason } of occurrences) {
    if (outcome === "enqueued" || outcome === "skipped") continue;
    logger.warn(`An occurrence of the schedule "${scheduleId}" is ${outcome}.`, { reason });
  }
}
