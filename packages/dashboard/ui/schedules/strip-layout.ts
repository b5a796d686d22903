import type { Occurrence, ShownSchedule } from "../api/answers.ts";
import { occurrenceText } from "./occurrence-words.ts";

/** A mark of the strip. */
export interface StripMark {
  /** 0 to 1. */
  readonly place: number;
  readonly look: "next" | "skipped-next" | "ok" | "bad" | "run" | "missed" | "passed";
  readonly at: number;
  /** Why, or how it went. */
  readonly note: string;
}

/** A day: twelve hours back and twelve ahead. */
export interface Strip {
  readonly marks: readonly StripMark[];
  /** From here on there is one about every so many ms, more than were read; null = all are marked. */
  readonly more: { readonly place: number; readonly everyMs: number } | null;
}

const halfDayMs = 43_200_000;

/** Lays out what was and what comes. Pure. */
export function stripOf(
  { history, nextRuns, paused, skipUntil }: Pick<ShownSchedule, "history" | "nextRuns" | "paused" | "skipUntil">,
  now: number,
): Strip {
  const place = (at: number): number => (at - now + halfDayMs) / (2 * halfDayMs);
  const isSeen = (at: number): boolean => Math.abs(at - now) <= halfDayMs;
  const past = history
    .filter(({ scheduledFor }) => isSeen(scheduledFor))
    .map((one): StripMark => ({ place: place(one.scheduledFor), at: one.scheduledFor, ...lookOf(one) }));
  const coming = paused === null ? nextRuns.filter(isSeen) : [];
  const next = coming.map((at): StripMark => {
    const isSkipped = skipUntil !== null && at <= skipUntil;
    return {
      place: place(at),
      at,
      look: isSkipped ? "skipped-next" : "next",
      note: isSkipped ? "will be skipped" : "",
    };
  });
  const last = nextRuns.at(-1);
  const isDense = paused === null && nextRuns.length >= 10 && last !== undefined && last < now + halfDayMs;
  const everyMs = isDense ? (last - (nextRuns[0] ?? last)) / (nextRuns.length - 1) : 0;
  return { marks: [...past, ...next], more: isDense && everyMs > 0 ? { place: place(last), everyMs } : null };
}

/** How an occurrence came out, for its mark. Pure. */
export function lookOf(occurrence: Pick<Occurrence, "outcome" | "reason" | "count" | "task">): {
  readonly look: StripMark["look"];
  readonly note: string;
} {
  const { outcome, task } = occurrence;
  const why = occurrenceText(occurrence);
  if (outcome === "missed" || outcome === "refused") return { look: "missed", note: why };
  if (outcome === "skipped") return { look: "passed", note: why };
  const note = task === null ? why : `${outcome === "late" ? "late, " : ""}${task.state}`;
  if (task === null || task.state === "succeeded") return { look: "ok", note };
  return { look: task.state === "failed" ? "bad" : task.state === "cancelled" ? "passed" : "run", note };
}
