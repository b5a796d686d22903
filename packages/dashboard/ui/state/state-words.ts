import type { TaskState } from "@millrace/models";

/** What a colour means. */
export type Tone = "run" | "ok" | "warn" | "bad" | "idle";

/** The sign of a state. Signs differ in shape, so that no eye needs the colour. */
export type GlyphName =
  | "clock"
  | "circle"
  | "linked"
  | "quarter"
  | "half"
  | "loop"
  | "dashed"
  | "check"
  | "cross"
  | "slashed"
  | "bars"
  | "moon"
  | "triangle"
  | "hollow-cross"
  | "skip";

/** How a state is shown everywhere. */
export interface StateWord {
  readonly word: string;
  readonly tone: Tone;
  readonly glyph: GlyphName;
}

/** Every state of a task, as it is shown. */
export const stateWords: Readonly<Record<TaskState, StateWord>> = {
  blocked: { word: "Blocked", tone: "idle", glyph: "linked" },
  scheduled: { word: "Scheduled", tone: "idle", glyph: "clock" },
  queued: { word: "Queued", tone: "idle", glyph: "circle" },
  retrying: { word: "Retrying", tone: "warn", glyph: "loop" },
  claimed: { word: "Claimed", tone: "run", glyph: "quarter" },
  running: { word: "Running", tone: "run", glyph: "half" },
  stale: { word: "Stale", tone: "warn", glyph: "dashed" },
  suspended: { word: "Suspended", tone: "idle", glyph: "moon" },
  paused: { word: "Paused", tone: "idle", glyph: "bars" },
  succeeded: { word: "Succeeded", tone: "ok", glyph: "check" },
  failed: { word: "Failed", tone: "bad", glyph: "cross" },
  cancelled: { word: "Cancelled", tone: "idle", glyph: "slashed" },
};

/** The states that the list counts at its head, in their order. */
export const countedStates: readonly TaskState[] = [
  "queued",
  "running",
  "retrying",
  "stale",
  "failed",
  "succeeded",
  "scheduled",
  "blocked",
  "suspended",
  "paused",
  "cancelled",
];
