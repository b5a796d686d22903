import { TaskError } from "@millrace/models";

/** A field of a cron expression. */
interface CronField {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
  /** What it may hold besides numbers, names and their lists, ranges and steps. */
  readonly special?: RegExp;
  readonly example: string;
}

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const fields: readonly CronField[] = [
  { name: "second", min: 0, max: 59, example: "0 */5 * * * *" },
  { name: "minute", min: 0, max: 59, example: "30 2 * * *" },
  { name: "hour", min: 0, max: 23, example: "30 2 * * *" },
  { name: "day of the month", min: 1, max: 31, special: /^(L|LW|\d{1,2}W)$/, example: "0 2 1,15 * *" },
  { name: "month", min: 1, max: 12, names: months, example: "0 2 1 JAN-MAR *" },
  {
    name: "day of the week",
    min: 0,
    max: 7,
    names: days,
    special: /^([0-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5])$/,
    example: "0 2 * * MON-FRI",
  },
];

const longest = 256;

/** The fields of an expression: seconds first, `0` where it has five. @throws `CRON_INVALID`, naming the field and why */
export function cronFields(expression: string, path?: string): readonly string[] {
  const invalid = (text: string, why: string, example: string): TaskError => refused(path, text, { why, example });
  if (typeof expression !== "string") throw invalid("", "it must be text", "30 2 * * *");
  if (expression.length > longest) {
    throw invalid(expression, `it is ${expression.length} characters long, and ${longest} are allowed`, "30 2 * * *");
  }
  const parts = expression.trim().toUpperCase().split(/\s+/);
  if (parts.length !== 5 && parts.length !== 6) {
    throw invalid(expression, `it has ${parts[0] === "" ? 0 : parts.length} fields, not 5 or 6`, "30 2 * * *");
  }
  const all = parts.length === 5 ? ["0", ...parts] : parts;
  for (const [at, field] of fields.entries()) {
    const problem = fieldProblem(all[at] ?? "", field);
    if (problem !== null) throw invalid(expression, `in the field "${field.name}" ${problem}`, field.example);
  }
  return all;
}

function fieldProblem(text: string, field: CronField): string | null {
  for (const item of text.split(",")) {
    const problem = itemProblem(item, field);
    if (problem !== null) return problem;
  }
  return null;
}

function itemProblem(item: string, field: CronField): string | null {
  if (item === "") return "an entry of the list is empty";
  if (field.special?.test(item)) return null;
  const [range = "", step, ...rest] = item.split("/");
  if (rest.length > 0) return `"${item}" has two steps`;
  if (step !== undefined && !(/^\d{1,3}$/.test(step) && Number(step) >= 1 && Number(step) <= field.max)) {
    return `the step of "${item}" must be 1 to ${field.max}`;
  }
  if (range === "*") return null;
  const ends = range.split("-");
  if (ends.length > 2) return `"${item}" is no range`;
  const [first, last] = ends.map((end) => valueOf(end, field));
  if (first === null || last === null) return `"${item}" must be within ${field.min} to ${field.max}`;
  if (step !== undefined && last === undefined) return `"${item}" has a step without a range`;
  return last !== undefined && first !== undefined && first > last ? `"${item}" runs backwards` : null;
}

function valueOf(text: string, { min, max, names }: CronField): number | null {
  const named = names?.indexOf(text) ?? -1;
  if (named >= 0) return named + min;
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : null;
}

function refused(
  path: string | undefined,
  expression: string,
  { why, example }: { readonly why: string; readonly example: string },
): TaskError {
  const shown = expression.length > 60 ? `${expression.slice(0, 60)}…` : expression;
  return new TaskError(
    "CRON_INVALID",
    `The cron expression "${shown}" cannot be used: ${why}. One that works: "${example}".`,
    {
      details: { ...(path === undefined ? {} : { path }), expression: shown, why, example },
    },
  );
}
