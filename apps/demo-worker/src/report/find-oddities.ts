import { formatCount, formatShare, formatValue } from "../format/format-number.ts";
import { formatMoment } from "../format/format-time.ts";
import { placeAxis } from "../profile/place-grid.ts";
import type { ColumnProfile, DatasetProfile } from "../profile/dataset-profile.ts";

const mostOddities = 4;
/** Standard deviations from the mean. */
const farDistance = 12;
/** Fewer different values are marks, not measurements. */
const fewestDistinct = 10;

/** What a careful reader of the table would stumble over, the strangest first. */
export function findOddities({ rows, columns }: DatasetProfile, now: number): readonly string[] {
  const finders = [mixedTypes, futureDates, constants, manyMissing, farOutliers];
  return finders.flatMap((find) => find(columns, { rows, now })).slice(0, mostOddities);
}

interface Circumstances {
  readonly rows: number;
  readonly now: number;
}

function mixedTypes(columns: readonly ColumnProfile[]): readonly string[] {
  return columns
    .filter((column) => column.type === "mixed")
    .map(({ name, numbers, present }) => {
      const count = numbers?.count ?? 0;
      return count === 0
        ? `${name} mixes values of several types.`
        : `${name} holds numbers in ${formatCount(count)} of its ${formatCount(present)} rows and text in the others.`;
    });
}

function futureDates(columns: readonly ColumnProfile[], { now }: Circumstances): readonly string[] {
  return columns.flatMap(({ name, dates }) =>
    dates !== null && dates.last > now
      ? [`${name} reaches into the future, to ${formatMoment(dates.last, "day")}.`]
      : [],
  );
}

function constants(columns: readonly ColumnProfile[], { rows }: Circumstances): readonly string[] {
  return columns
    .filter((column) => column.distinct.count === 1 && rows > 1 && column.type !== "date")
    .map(({ name, top }) => `${name} has a single value: ${top.values[0]?.value ?? ""}.`);
}

function manyMissing(columns: readonly ColumnProfile[], { rows }: Circumstances): readonly string[] {
  const sparse = columns.filter((column) => column.missing > rows / 2).toSorted((a, b) => b.missing - a.missing);
  const [first, ...others] = sparse;
  if (first === undefined) return [];
  const share = formatShare(first.missing / rows);
  if (others.length === 0) return [`${first.name} is missing in ${share} of the rows.`];
  return [`${String(sparse.length)} columns are missing in more than half of the rows; ${first.name} in ${share}.`];
}

/** The one column whose largest value lies farthest from all the others. */
function farOutliers(columns: readonly ColumnProfile[]): readonly string[] {
  const measured = columns.flatMap(({ name, type, distinct, numbers }) => {
    const isMeasure = type !== "mixed" && placeAxis(name) === null && distinct.count >= fewestDistinct;
    if (numbers === null || !isMeasure || numbers.deviation === 0) return [];
    return [{ name, numbers, distance: (numbers.max - numbers.mean) / numbers.deviation }];
  });
  const [farthest] = measured.toSorted((a, b) => b.distance - a.distance);
  if (farthest === undefined || farthest.distance < farDistance) return [];
  const { max, quantiles } = farthest.numbers;
  return [
    `${farthest.name} once reaches ${formatValue(max)}, while 95% of its values are at most ${formatValue(quantiles.p95)}.`,
  ];
}
