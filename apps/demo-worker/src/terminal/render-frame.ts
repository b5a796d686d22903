import { formatDuration } from "../format/format-number.ts";
import { createPaint, type Paint } from "./paint.ts";
import { hasEnded, type ProgressModel, type ProgressState, type ProgressTask } from "./progress-model.ts";
import { columnsOf, fit, fitRight } from "./text-width.ts";

export interface FrameOptions {
  /** Width of the terminal. */
  readonly columns: number;
  /** Height of the terminal; no frame is taller, or its first lines could not be redrawn. @defaultValue unlimited */
  readonly rows?: number;
  readonly color: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}

const spinner = ["◐", "◓", "◑", "◒"];
const spinnerMs = 120;
const widestBar = 24;
const narrowestBar = 8;

/** One picture of the progress, as lines that are never wider than the terminal. */
export function renderFrame(model: ProgressModel, options: FrameOptions): readonly string[] {
  const paint = createPaint(options.color);
  const layout = layoutFor(model, options.columns);
  const { shown, hidden } = fitHeight(model.tasks, options.rows);
  const more = hidden === 0 ? [] : [paint("dim", fit(`  … and ${String(hidden)} more`, options.columns).trimEnd())];
  return [
    heading(model, options, paint),
    ...shown.map((task) => taskLine(task, { layout, paint, ...options })),
    ...more,
  ];
}

function heading({ title, startedAt, tasks }: ProgressModel, { columns, now }: FrameOptions, paint: Paint): string {
  const done = `${String(tasks.filter(hasEnded).length)} of ${String(tasks.length)} done`;
  const line = `${title}  ${done}  ${formatDuration(now - startedAt)}`;
  return paint("bold", fit(line, columns).trimEnd());
}

/** What ended first gives way first: the lines that still move stay in sight. */
function fitHeight(
  tasks: readonly ProgressTask[],
  rows = Infinity,
): { readonly shown: readonly ProgressTask[]; readonly hidden: number } {
  // One line for the heading, one for what is left out, one for the cursor.
  const room = Math.max(1, rows - 3);
  if (tasks.length <= room) return { shown: tasks, hidden: 0 };
  const urgency = (task: ProgressTask): number =>
    task.state === "running" || task.state === "retrying" ? 0 : hasEnded(task) ? 2 : 1;
  const kept = new Set(tasks.toSorted((a, b) => urgency(a) - urgency(b)).slice(0, room));
  return { shown: tasks.filter((task) => kept.has(task)), hidden: tasks.length - kept.size };
}

interface Layout {
  readonly label: number;
  readonly bar: number;
  readonly note: number;
}

const glyphColumns = 4;
const percentColumns = 6;
const elapsedColumns = 8;

/** Narrow terminals lose the bar's length first, then the elapsed time, then the note. */
function layoutFor({ tasks }: ProgressModel, columns: number): Layout {
  const longest = Math.max(8, ...tasks.map(({ label }) => columnsOf(label)));
  const label = Math.min(longest, Math.max(10, Math.floor(columns * 0.34)));
  const rest = columns - glyphColumns - label - percentColumns - elapsedColumns - 2;
  const bar = Math.max(narrowestBar, Math.min(widestBar, Math.floor(rest * 0.45)));
  return { label, bar, note: Math.max(0, rest - bar - 2) };
}

type LineOptions = FrameOptions & { readonly layout: Layout; readonly paint: Paint };

function taskLine(task: ProgressTask, { layout, paint, columns, now }: LineOptions): string {
  const percent = task.state === "succeeded" ? 100 : (task.percent ?? 0);
  const hasBar = columns >= glyphColumns + layout.label + layout.bar + percentColumns + 1;
  const pieces = [
    `  ${glyph(task.state, now, paint)} ${fit(task.label, layout.label)} `,
    hasBar ? barOf(task, { percent, width: layout.bar, paint }) : "",
    fitRight(task.state === "waiting" ? "·" : `${String(Math.floor(percent))}%`, percentColumns - 1),
    // Elapsed time and note only where they fit as a whole; a cut time would be a wrong one.
    layout.note > 6 ? `  ${fit(noteOf(task), layout.note)}${fitRight(elapsed(task, now), elapsedColumns)}` : "",
  ];
  const width = glyphColumns + layout.label + 1 + (hasBar ? layout.bar : 0) + percentColumns - 1;
  return width <= columns
    ? pieces.join("").trimEnd()
    : fit(`${plainGlyphs[task.state]} ${task.label}`, columns).trimEnd();
}

function barOf(
  { state }: ProgressTask,
  { percent, width, paint }: { readonly percent: number; readonly width: number; readonly paint: Paint },
): string {
  const full = Math.round((Math.min(100, Math.max(0, percent)) / 100) * width);
  const color =
    state === "failed" || state === "cancelled"
      ? "red"
      : state === "retrying"
        ? "yellow"
        : state === "succeeded"
          ? "green"
          : "cyan";
  return paint(color, "█".repeat(full)) + paint("dim", "░".repeat(width - full));
}

const plainGlyphs: Readonly<Record<ProgressState, string>> = {
  waiting: "·",
  running: "◐",
  retrying: "↻",
  succeeded: "✓",
  failed: "✗",
  cancelled: "–",
};

function glyph(state: ProgressState, now: number, paint: Paint): string {
  switch (state) {
    case "running":
      return paint("cyan", spinner[Math.floor(now / spinnerMs) % spinner.length] ?? plainGlyphs.running);
    case "retrying":
      return paint("yellow", plainGlyphs.retrying);
    case "succeeded":
      return paint("green", plainGlyphs.succeeded);
    case "failed":
      return paint("red", plainGlyphs.failed);
    case "waiting":
    case "cancelled":
      return paint("dim", plainGlyphs[state]);
  }
}

function noteOf({ state, note, attempt, maxAttempts }: ProgressTask): string {
  const isAnother = attempt > 1 && state === "running";
  const tries = isAnother || state === "retrying" ? `attempt ${String(attempt)} of ${String(maxAttempts)}` : "";
  return [tries, note].filter((part) => part !== "").join(", ");
}

function elapsed({ startedAt, finishedAt }: ProgressTask, now: number): string {
  return startedAt === null ? "" : formatDuration((finishedAt ?? now) - startedAt);
}
