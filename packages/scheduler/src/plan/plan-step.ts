import type { EpochMs, OccurrenceReason, PlannedOccurrence } from "@millrace/models";
import { nextTime, pastOneShots, type ScheduleTimes } from "../times/schedule-times.ts";
import type { CatchUp } from "../schedule-policy.ts";

/** A schedule and the moment it is looked at. */
export interface StepScene {
  readonly times: ScheduleTimes;
  readonly catchUp: CatchUp;
  readonly anchorAt: EpochMs;
  readonly placeAt: EpochMs;
  readonly isPaused: boolean;
  readonly skipUntil: EpochMs | null;
  readonly now: EpochMs;
  /** An occurrence that is found later than so long after its time is late. */
  readonly graceMs: number;
}

/** What becomes of an occurrence: it is enqueued, or passed over. */
export type StepOccurrence =
  | { readonly type: "enqueue"; readonly scheduledFor: EpochMs; readonly outcome: "enqueued" | "late" }
  | Extract<PlannedOccurrence, { type: "pass" }>;

/** What is to be done about the occurrences found, and where that leads to. */
export interface StepPlan {
  readonly occurrences: readonly StepOccurrence[];
  readonly placeAt: EpochMs;
  readonly nextAt: EpochMs | null;
  readonly lookAt: EpochMs | null;
}

/** No more late occurrences are made up for. */
export const mostMadeUp = 100;
// So many occurrences are settled in one step; more than those that may be made up for are always looked at.
const mostSettled = 1_000;
// A schedule is thought over once a day at least, so that new rules of its zone take hold.
const longestLookMs = 86_400_000;

/** Decides over everything that has come since the schedule's place, in bounded steps: when there is more, it is due again at once. */
export function planStep(scene: StepScene): StepPlan {
  const found = findTimes(scene);
  const isWhole = found.length <= mostSettled + mostMadeUp;
  // What is late comes first: once one in time was found, all late ones are known.
  const last = found.at(-1) ?? 0;
  const isComplete = isWhole || scene.now - last <= scene.graceMs;
  const taken = isWhole ? found : found.slice(0, isComplete ? mostSettled + mostMadeUp : mostSettled);
  const occurrences = joined(decide(taken, scene, isComplete));
  const placeAt = isWhole ? Math.max(scene.now, scene.placeAt) : (taken.at(-1) ?? scene.placeAt);
  const nextAt = nextTime(scene.times, placeAt, scene.anchorAt);
  const lookAt = nextAt === null ? null : Math.min(nextAt, scene.now + longestLookMs);
  return { occurrences, placeAt, nextAt, lookAt };
}

/** The times since the schedule's place, at most one more than a step looks at. */
function findTimes({ times, placeAt, anchorAt, now }: StepScene): readonly EpochMs[] {
  const found: EpochMs[] = placeAt === anchorAt ? [...pastOneShots(times, anchorAt)] : [];
  let at = nextTime(times, placeAt, anchorAt);
  while (at !== null && at <= now && found.length <= mostSettled + mostMadeUp) {
    found.push(at);
    at = nextTime(times, at, anchorAt);
  }
  return found;
}

function decide(found: readonly EpochMs[], scene: StepScene, isComplete: boolean): readonly StepOccurrence[] {
  const { isPaused, skipUntil, catchUp, now, graceMs, times } = scene;
  const isLate = (at: EpochMs): boolean => now - at > graceMs;
  const hasEnded = times.endAt !== null && isLate(times.endAt);
  const wanted = found.filter((at) => !isPaused && (skipUntil === null || at > skipUntil));
  const madeUp = new Set(isComplete && !hasEnded ? worthMakingUp(wanted, catchUp, isLate) : []);
  return found.map((at): StepOccurrence => {
    if (isPaused) return passed(at, "skipped", "paused");
    if (skipUntil !== null && at <= skipUntil) return passed(at, "skipped", "asked");
    if (!isLate(at)) return { type: "enqueue", scheduledFor: at, outcome: "enqueued" };
    if (hasEnded) return passed(at, "skipped", "ended");
    if (madeUp.has(at)) return { type: "enqueue", scheduledFor: at, outcome: "late" };
    return passed(at, "missed", "catch-up");
  });
}

/** The late ones that are enqueued after all. */
function worthMakingUp(
  wanted: readonly EpochMs[],
  catchUp: CatchUp,
  isLate: (at: EpochMs) => boolean,
): readonly EpochMs[] {
  const late = wanted.filter(isLate);
  if (catchUp === "skip") return [];
  if (catchUp === "all") return late.slice(-mostMadeUp);
  // One in time stands for all before it.
  return late.length === wanted.length ? late.slice(-1) : [];
}

function passed(at: EpochMs, outcome: "missed" | "skipped", reason: OccurrenceReason): StepOccurrence {
  return { type: "pass", scheduledFor: at, until: at, count: 1, outcome, reason };
}

/** Those in a row that came out alike, as one. */
function joined(occurrences: readonly StepOccurrence[]): readonly StepOccurrence[] {
  const all: StepOccurrence[] = [];
  for (const next of occurrences) {
    const last = all.at(-1);
    if (last?.type === "pass" && next.type === "pass" && last.outcome === next.outcome && last.reason === next.reason) {
      all[all.length - 1] = { ...last, until: next.until, count: last.count + 1 };
    } else all.push(next);
  }
  return all;
}
