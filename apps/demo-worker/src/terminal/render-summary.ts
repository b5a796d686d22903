import { formatBytes, formatCount, formatDuration } from "../format/format-number.ts";
import { createPaint, type Paint } from "./paint.ts";
import { columnsOf, fit, fitRight, wrap } from "./text-width.ts";

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

export interface SummaryOptions {
  readonly columns: number;
  readonly color: boolean;
}

/** The last words of a run: a table, what went wrong, and where to look. */
export function renderSummary(summary: Summary, options: SummaryOptions): readonly string[] {
  const paint = createPaint(options.color);
  const failures = summary.rows.flatMap((row) => problemLines(row, options.columns, paint));
  const report = summary.reportPath === null ? [] : [`  ${paint("bold", "Report:")} ${summary.reportPath}`];
  return [
    ...table(summary.rows, options.columns, paint),
    "",
    ...(failures.length === 0 ? [] : [...failures, ""]),
    `  ${paint("bold", totals(summary))}`,
    ...report,
  ];
}

const narrow = 64;
const widths = [10, 9, 10, 9];

function table(rows: readonly SummaryRow[], columns: number, paint: Paint): readonly string[] {
  // A narrow terminal keeps the two numbers that matter most.
  const shown = columns < narrow ? widths.slice(0, 2) : widths;
  const room = columns - 2 - shown.reduce((sum, width) => sum + width, 0);
  const label = Math.min(Math.max(8, ...rows.map((row) => columnsOf(row.label))), Math.max(10, room));
  const line = (first: string, others: readonly string[]): string =>
    `  ${fit(first, label)}${shown.map((width, index) => fitRight(others[index] ?? "", width)).join("")}`;
  const lines = rows.map((row) =>
    row.rows === null ? paint("red", line(row.label, ["failed"]).trimEnd()) : line(row.label, numbersOf(row)),
  );
  return [paint("dim", line("Dataset", ["rows", "columns", "size", "time"])), ...lines];
}

function numbersOf({ rows, columns, bytes, tookMs }: SummaryRow): readonly string[] {
  return [formatCount(rows ?? 0), formatCount(columns ?? 0), formatBytes(bytes ?? 0), formatDuration(tookMs ?? 0)];
}

function problemLines({ label, problem }: SummaryRow, columns: number, paint: Paint): readonly string[] {
  if (problem === "") return [];
  const [first = "", ...others] = wrap(`${label}: ${problem}`, columns - 4);
  return [`  ${paint("red", "✗")} ${first}`, ...others.map((line) => `    ${line}`)];
}

function totals({ rows, tookMs }: Summary): string {
  const good = rows.filter((row) => row.rows !== null);
  const total = good.reduce((sum, row) => sum + (row.rows ?? 0), 0);
  const datasets = good.length === 1 ? "one dataset" : `${String(good.length)} datasets`;
  return `${formatCount(total)} rows of ${datasets} in ${formatDuration(tookMs)}`;
}
