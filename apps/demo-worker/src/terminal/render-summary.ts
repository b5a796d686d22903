import { formatBytes, formatCount, formatDuration } from "../format/format-number.ts";
import { createPaint } from "./paint.ts";
import { columnsOf, fit, fitRight } from "./text-width.ts";

/** One dataset in the table at the end. */
export interface SummaryRow {
  readonly label: string;
  /** `null` when it failed. */
  readonly rows: number | null;
  readonly columns: number | null;
  readonly bytes: number | null;
  readonly tookMs: number | null;
  /** Why it failed; empty when it did not. */
  readonly problem: string;
}

export interface Summary {
  readonly rows: readonly SummaryRow[];
  readonly tookMs: number;
  /** Where the report lies; `null` when it could not be written. */
  readonly reportPath: string | null;
}

const narrow = 64;

/** The last words of a run: a table, what went wrong, and where to look. */
export function renderSummary(
  summary: Summary,
  options: { readonly columns: number; readonly color: boolean },
): readonly string[] {
  const paint = createPaint(options.color);
  const { rows } = summary;
  const isNarrow = options.columns < narrow;
  const numbers = isNarrow ? 19 : 38;
  const longest = Math.max(8, ...rows.map((row) => columnsOf(row.label)));
  const label = Math.min(longest, Math.max(10, options.columns - 2 - numbers));
  const cells = (first: string, others: readonly string[]): string =>
    `  ${fit(first, label)}${others.map((text, index) => fitRight(text, widths[index] ?? 10)).join("")}`;
  const pick = (texts: readonly string[]): readonly string[] => (isNarrow ? texts.slice(0, 2) : texts);
  const lines = rows.map((row) =>
    row.rows === null
      ? `${cells(row.label, [])}  ${paint("red", fit("failed", 10).trimEnd())}`
      : cells(
          row.label,
          pick([
            formatCount(row.rows),
            formatCount(row.columns ?? 0),
            formatBytes(row.bytes ?? 0),
            formatDuration(row.tookMs ?? 0),
          ]),
        ),
  );
  const failures = rows
    .filter((row) => row.problem !== "")
    .map((row) => `  ${paint("red", "✗")} ${row.label}: ${row.problem}`);
  const good = rows.filter((row) => row.rows !== null);
  const total = good.reduce((sum, row) => sum + (row.rows ?? 0), 0);
  const end = `${formatCount(total)} rows of ${good.length === 1 ? "one dataset" : `${String(good.length)} datasets`} in ${formatDuration(summary.tookMs)}`;
  return [
    paint("dim", cells("Dataset", pick(["rows", "columns", "size", "time"]))),
    ...lines,
    "",
    ...(failures.length === 0 ? [] : [...failures, ""]),
    `  ${paint("bold", end)}`,
    ...(summary.reportPath === null ? [] : [`  ${paint("bold", "Report:")} ${summary.reportPath}`]),
  ];
}

const widths = [10, 9, 10, 9];
