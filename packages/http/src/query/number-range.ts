import { queryProblem, type QueryTerm } from "./query-term.ts";

/** Numbers from one to another, both included. */
export interface NumberRange {
  readonly from: number;
  readonly to: number;
}

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Reads `3`, `>2`, `>=2`, `<5`, `<=5` and `2..4`. @throws `QUERY_INVALID` */
export function numberRanges(term: QueryTerm): readonly NumberRange[] {
  return term.values.map((value) =>
    rangeOf(term, value, (text) => (/^-?[0-9]{1,9}$/.test(text) ? Number(text) : null)),
  );
}

/** Likewise of times such as `90s`, `24h` and `1d`, in ms. @throws `QUERY_INVALID` */
export function durationRanges(term: QueryTerm): readonly NumberRange[] {
  return term.values.map((value) => rangeOf(term, value, durationOf));
}

/** Whether a number lies in one of them. */
export function isInRanges(ranges: readonly NumberRange[], value: number): boolean {
  return ranges.some(({ from, to }) => value >= from && value <= to);
}

function rangeOf(term: QueryTerm, value: string, read: (text: string) => number | null): NumberRange {
  const between = value.indexOf("..");
  const [, sign = "", rest = ""] = /^([<>]=?|=)?(.*)$/s.exec(value) ?? [];
  const ends = between === -1 ? [rest] : [value.slice(0, between), value.slice(between + 2)];
  const [low = null, high = low] = ends.map(read);
  if (low === null || high === null || low > high) {
    throw queryProblem(
      `"${value}" is none of those that ${term.field} takes`,
      term,
      "Write 3, >2, <=5 or 2..4; times as 90s, 10m, 24h or 7d.",
    );
  }
  if (sign === ">") return { from: low + 1, to: Number.POSITIVE_INFINITY };
  if (sign === ">=") return { from: low, to: Number.POSITIVE_INFINITY };
  if (sign === "<") return { from: Number.NEGATIVE_INFINITY, to: high - 1 };
  if (sign === "<=") return { from: Number.NEGATIVE_INFINITY, to: high };
  return { from: low, to: high };
}

function durationOf(text: string): number | null {
  const [, amount, unit = ""] = /^([0-9]{1,9})(ms|s|m|h|d|w)$/.exec(text) ?? [];
  const size = units[unit];
  return amount === undefined || size === undefined ? null : Number(amount) * size;
}
