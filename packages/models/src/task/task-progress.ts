import type { EpochMs } from "../time/clock.ts";
import type { Json } from "./json.ts";

/** How far a task is, as its handler last said. */
export interface TaskProgress {
  /** 0 to 100; null while unknown. */
  readonly percent: number | null;
  readonly label: string | null;
  /** Anything small the screen needs beside the bar. */
  readonly meta: Json;
  /** When the handler last said so; null before the first word. */
  readonly updatedAt: EpochMs | null;
}

/** What a handler says of its progress: an absent field keeps the old value, null clears it. */
export interface ProgressPatch {
  readonly percent?: number | null;
  readonly label?: string | null;
  readonly meta?: Json;
}

/** The progress of a task that has not said anything. */
export const noProgress: TaskProgress = Object.freeze({ percent: null, label: null, meta: null, updatedAt: null });

/** Merges what was said into what stood; a percent outside 0–100 is brought to the nearer end. */
export function mergeProgress(before: TaskProgress, patch: ProgressPatch, now: EpochMs): TaskProgress {
  const percent = patch.percent === undefined ? before.percent : patch.percent;
  return {
    percent: percent === null ? null : clampPercent(percent),
    label: patch.label === undefined ? before.label : patch.label,
    meta: patch.meta === undefined ? before.meta : patch.meta,
    updatedAt: now,
  };
}

/** A percent brought to the nearer end of 0–100; null for what is no number. */
export function clampPercent(percent: number): number | null {
  if (Number.isNaN(percent)) return null;
  return Math.min(100, Math.max(0, percent));
}
