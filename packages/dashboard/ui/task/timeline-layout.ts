import type { TaskStep } from "@millrace/models";
import type { Attempt, ShownTask } from "../api/answers.ts";

/** A stretch of a task's life. */
export interface TimelineRow {
  readonly id: string;
  readonly type: "wait" | "attempt" | "step";
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly outcome: "ok" | "bad" | "warn" | "run" | "idle";
  /** It goes on. */
  readonly isOpen: boolean;
}

/** A piece of the scale: times between `from` and `to` take so much of the width. */
export interface ScalePiece {
  readonly from: number;
  readonly to: number;
  /** Of the whole width, 0 to 1. */
  readonly start: number;
  readonly width: number;
  /** Nothing went on for long: it is drawn shorter than it was. */
  readonly isFolded: boolean;
}

/** From one moment to another. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/** Rows and scale of a timeline. */
export interface Timeline {
  /** All there is to see. */
  readonly whole: TimeSpan;
  /** What of it is seen. */
  readonly span: TimeSpan;
  readonly rows: readonly TimelineRow[];
  readonly scale: readonly ScalePiece[];
  /** Steps that are not among the rows. */
  readonly hiddenSteps: number;
}

/** What a timeline is made of. */
export interface TimelineParts {
  readonly task: ShownTask;
  /** The ended ones but the last, which is the task itself. */
  readonly attempts: readonly Attempt[];
  readonly steps: readonly TaskStep[];
  readonly now: number;
  /** What is looked at closely; null = everything. */
  readonly zoom: TimeSpan | null;
}

const mostSteps = 40;
const foldedWidth = 0.08;

/** Lays out what went on when. Pure. */
export function timelineOf(parts: TimelineParts): Timeline {
  const all = rowsOf(parts);
  const { createdAt } = parts.task;
  const whole = { from: createdAt, to: Math.max(createdAt + 1, ...all.map(({ to }) => to)) };
  const span = parts.zoom ?? whole;
  const rows = all.filter(({ from, to }) =>
    from === to ? from >= span.from && to <= span.to : to > span.from && from < span.to,
  );
  const hidden = new Set(rows.filter(({ type }) => type === "step").slice(0, -mostSteps));
  return {
    whole,
    span,
    rows: rows.filter((row) => !hidden.has(row)),
    scale: scaleOf(rows, span),
    hiddenSteps: hidden.size,
  };
}

function rowsOf({ task, attempts, steps, now }: TimelineParts): readonly TimelineRow[] {
  const spans = [...attempts.map((attempt) => spanOf(attempt)), ...lastSpan(task, now)].toSorted(
    (one, other) => one.attempt - other.attempt,
  );
  const rows: TimelineRow[] = [];
  let before = task.createdAt;
  for (const span of spans) {
    rows.push(...waitRow(rows.length === 0 ? "Queued" : "Waited", before, span.from));
    rows.push(attemptRow(span));
    rows.push(
      ...stepRows(
        steps.filter((step) => step.attempt === span.attempt),
        span,
      ),
    );
    before = span.to;
  }
  return [...rows, ...openWait(task, { from: before, now, isFirst: spans.length === 0 })];
}

interface Span {
  readonly attempt: number;
  readonly from: number;
  readonly to: number;
  readonly outcome: TimelineRow["outcome"];
  readonly isOpen: boolean;
}

function spanOf({ attempt, claimedAt, startedAt, endedAt, outcome, endedAs }: Attempt): Span {
  const bad = outcome === "failed" || outcome === "retried" || outcome === "lease_lost" || outcome === "quarantined";
  const from = startedAt ?? claimedAt ?? endedAt;
  return {
    attempt,
    from,
    to: Math.max(from, endedAt),
    outcome: bad ? "bad" : endedAs === "succeeded" ? "ok" : "idle",
    isOpen: false,
  };
}

function lastSpan(task: ShownTask, now: number): readonly Span[] {
  const { attempt, startedAt, claimedAt, finishedAt, status, failure, updatedAt } = task;
  const from = startedAt ?? claimedAt;
  if (attempt === 0 || from === null) return [];
  if (status === "running" || status === "claimed")
    return [{ attempt, from, to: Math.max(from, now), outcome: task.state === "stale" ? "warn" : "run", isOpen: true }];
  // An open task that is not held has ended this attempt with its last change.
  const to = Math.max(from, finishedAt ?? updatedAt);
  const outcome =
    status === "succeeded" ? "ok" : status === "failed" || (status === "queued" && failure !== null) ? "bad" : "idle";
  return [{ attempt, from, to, outcome, isOpen: false }];
}

function attemptRow({ attempt, from, to, outcome, isOpen }: Span): TimelineRow {
  return { id: `attempt ${attempt}`, type: "attempt", label: `Attempt ${attempt}`, from, to, outcome, isOpen };
}

function waitRow(label: string, from: number, to: number): readonly TimelineRow[] {
  return to > from ? [{ id: `wait ${from}`, type: "wait", label, from, to, outcome: "idle", isOpen: false }] : [];
}

function openWait(
  { status, state, scheduledAt, wakeAt }: ShownTask,
  { from, now, isFirst }: { readonly from: number; readonly now: number; readonly isFirst: boolean },
): readonly TimelineRow[] {
  if (
    status === "succeeded" ||
    status === "failed" ||
    status === "cancelled" ||
    status === "running" ||
    status === "claimed"
  )
    return [];
  const label =
    {
      scheduled: "Until its time",
      retrying: "Until its retry",
      suspended: "Suspended",
      paused: "Paused",
      blocked: "Blocked",
    }[state as string] ?? (isFirst ? "Queued" : "Waits");
  const until = state === "scheduled" || state === "retrying" ? scheduledAt : (wakeAt ?? now);
  return [
    {
      id: `open ${from}`,
      type: "wait",
      label,
      from,
      to: Math.max(from + 1, until, now),
      outcome: "idle",
      isOpen: true,
    },
  ];
}

/** A step has only a beginning: it lasts until the next one, or the end of its attempt. */
function stepRows(steps: readonly TaskStep[], span: Span): readonly TimelineRow[] {
  return steps.map((step, index) => {
    const from = Math.min(Math.max(step.at, span.from), span.to);
    const to = Math.max(from, Math.min(span.to, steps[index + 1]?.at ?? span.to));
    const outcome =
      step.level === "error" ? "bad" : step.level === "warn" ? "warn" : step.level === "success" ? "ok" : "idle";
    return {
      id: step.id,
      type: "step",
      label: step.message === "" ? step.kind : step.message,
      from,
      to,
      outcome,
      isOpen: span.isOpen && index === steps.length - 1,
    };
  });
}

/** Where long waits stand between short work, they are folded; the rest keeps its proportions. */
function scaleOf(rows: readonly TimelineRow[], { from, to }: TimeSpan): readonly ScalePiece[] {
  const waits = rows.filter(({ type }) => type === "wait");
  const edges = [...new Set([from, to, ...waits.flatMap((wait) => [wait.from, wait.to])])]
    .filter((at) => at >= from && at <= to)
    .toSorted((a, b) => a - b);
  const pieces = edges.slice(1).map((end, index) => {
    const start = edges[index] ?? from;
    return { from: start, to: end, isWait: waits.some((wait) => wait.from <= start && wait.to >= end) };
  });
  const busy = pieces.reduce((sum, piece) => sum + (piece.isWait ? 0 : piece.to - piece.from), 0);
  const isLong = (piece: (typeof pieces)[number]): boolean =>
    piece.isWait && busy > 0 && piece.to - piece.from > Math.max(2_000, 3 * busy);
  const folded = pieces.filter(isLong).length;
  const width = 1 - folded * Math.min(foldedWidth, 0.5 / Math.max(1, folded));
  const each = folded === 0 ? 0 : (1 - width) / folded;
  const open = pieces.reduce((sum, piece) => sum + (isLong(piece) ? 0 : piece.to - piece.from), 0);
  let start = 0;
  return pieces.map((piece) => {
    const isFolded = isLong(piece);
    const own = isFolded
      ? each
      : open === 0
        ? width / Math.max(1, pieces.length - folded)
        : (width * (piece.to - piece.from)) / open;
    const placed = { from: piece.from, to: piece.to, start, width: own, isFolded };
    start += own;
    return placed;
  });
}

/** Where a moment stands on a scale, 0 to 1. Pure. */
export function placeOn(scale: readonly ScalePiece[], at: number): number {
  const piece = scale.find(({ from, to }) => at >= from && at <= to);
  if (!piece) return at < (scale[0]?.from ?? 0) ? 0 : 1;
  const share = piece.to === piece.from ? 0 : (at - piece.from) / (piece.to - piece.from);
  return piece.start + share * piece.width;
}

/** The moment that stands at a place of a scale. Pure. */
export function momentAt(scale: readonly ScalePiece[], place: number): number {
  const piece = scale.find(({ start, width }) => place <= start + width) ?? scale.at(-1);
  if (!piece) return 0;
  const share = piece.width === 0 ? 0 : Math.min(1, (place - piece.start) / piece.width);
  return piece.from + share * (piece.to - piece.from);
}

/** A span of whole milliseconds within a larger one, as wide as it was where it fits; null when nothing is left out. Pure. */
export function zoomTo({ from, to }: TimeSpan, whole: TimeSpan): TimeSpan | null {
  const width = Math.max(1, Math.ceil(to - from));
  if (width >= whole.to - whole.from) return null;
  const start = Math.floor(Math.min(Math.max(from, whole.from), whole.to - width));
  return { from: start, to: start + width };
}
