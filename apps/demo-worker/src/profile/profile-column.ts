import type { Cell } from "./classify-value.ts";
import { decideType, type KindCounts } from "./decide-type.ts";
import type { ColumnProfile, DateSummary, TextSummary } from "./dataset-profile.ts";
import { createNumberStatistics } from "./number-statistics.ts";
import { createTimeBuckets } from "./time-buckets.ts";
import { createValueCounter, type ValueCounter } from "./value-counter.ts";

/** Profiles one column cell by cell. */
export interface ColumnProfiler {
  add(cell: Cell): void;
  /** @param rows How many rows the dataset has; those without this column count as missing. */
  finish(rows: number): ColumnProfile;
}

const exactValues = 5000;
const timeStretches = 800;
const topValues = 12;

export function profileColumn(name: string, isTyped: boolean): ColumnProfiler {
  const kinds: KindCounts = { integer: 0, number: 0, boolean: 0, date: 0, code: 0, text: 0 };
  const values = createValueCounter(exactValues);
  const numbers = createNumberStatistics();
  const dates = createTimeBuckets(timeStretches);
  const dateRange = { first: Infinity, last: -Infinity };
  const lengths = { shortest: Infinity, longest: 0, sum: 0 };

  const present = (): number => Object.values(kinds).reduce((sum, count) => sum + count, 0);

  const dateSummary = (): DateSummary => {
    const { unit, precision, buckets } = dates.finish();
    return { ...dateRange, unit, precision, buckets: buckets.map(({ at, rows }) => ({ at, rows })) };
  };

  const textSummary = (count: number): TextSummary => ({
    shortest: lengths.shortest,
    longest: lengths.longest,
    meanLength: lengths.sum / count,
  });

  return {
    add(cell) {
      if (cell.kind === "missing") return;
      kinds[cell.kind] += 1;
      values.add(cell.value);
      if (typeof cell.value === "string") {
        lengths.shortest = Math.min(lengths.shortest, cell.value.length);
        lengths.longest = Math.max(lengths.longest, cell.value.length);
        lengths.sum += cell.value.length;
      } else if (cell.kind === "date") {
        dates.add(cell.value);
        dateRange.first = Math.min(dateRange.first, cell.value);
        dateRange.last = Math.max(dateRange.last, cell.value);
      } else numbers.add(cell.value);
    },
    finish(rows) {
      const type = decideType(kinds, isTyped);
      const isNumeric = type === "number" || type === "integer" || type === "mixed";
      const textCount = kinds.text + kinds.code + kinds.boolean;
      return {
        name,
        type,
        present: present(),
        missing: rows - present(),
        distinct: distinctUpTo(present(), values),
        top: type === "date" ? { values: [], isExact: true } : values.top(topValues),
        numbers: isNumeric ? numbers.finish(onlyNumbers(values)) : null,
        dates: type === "date" ? dateSummary() : null,
        texts: type === "text" && textCount > 0 ? textSummary(textCount) : null,
      };
    },
  };
}

/** An estimate may overshoot; there are never more different values than values. */
function distinctUpTo(present: number, values: ValueCounter): ColumnProfile["distinct"] {
  const { count, isExact } = values.distinct();
  return { count: Math.min(count, present), isExact };
}

function onlyNumbers(values: ValueCounter): ReadonlyMap<number, number> | null {
  const counts = values.exactCounts();
  if (counts === null) return null;
  const numbers = new Map<number, number>();
  for (const [value, count] of counts) if (typeof value === "number") numbers.set(value, count);
  return numbers;
}
