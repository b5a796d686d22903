import { startOfNextUnit, startOfUnit, timeUnits, type TimeUnit } from "../format/time-unit.ts";
import type { ColumnProfile, DatasetProfile, TimeLine } from "../profile/dataset-profile.ts";
import type { TimeLinePlan } from "./chart-plan.ts";

const fewestPoints = 8;
const mostCountedPoints = 170;

/** The time line of the first favourite that is a measurement taken over time, else of how many rows there were when. */
export function planTimeLine({ timeLine }: DatasetProfile, columns: readonly ColumnProfile[]): TimeLinePlan | null {
  if (timeLine === null || timeLine.buckets.length < fewestPoints) return null;
  const [favourite] = columns;
  const isMeasure = favourite !== undefined && (favourite.type === "number" || favourite.type === "integer");
  return isMeasure && isSteady(timeLine) ? measured(timeLine, favourite.name) : counted(timeLine);
}

/** Whether rows come at a steady beat, as readings do; then their number says nothing and their values all. */
function isSteady({ buckets }: TimeLine): boolean {
  const inner = buckets.slice(1, -1).map(({ rows }) => rows);
  return Math.max(...inner) <= 1.6 * Math.min(...inner);
}

function measured({ column, unit, buckets }: TimeLine, measure: string): TimeLinePlan {
  const points = buckets.flatMap(({ at, means }) => {
    const value = means[measure];
    return value === undefined ? [] : [{ at, value }];
  });
  return { kind: "time-line", column, measure, unit, points };
}

function counted({ column, unit, buckets }: TimeLine): TimeLinePlan | null {
  for (const candidate of timeUnits.slice(timeUnits.indexOf(unit))) {
    const points = rowsByUnit(buckets, candidate);
    if (points.length < fewestPoints) return null;
    if (points.length <= mostCountedPoints)
      return { kind: "time-line", column, measure: null, unit: candidate, points };
  }
  return null;
}

/** Stretches without any row are counted as 0: a line across them would claim rows that are not there. */
function rowsByUnit(buckets: TimeLine["buckets"], unit: TimeUnit): TimeLinePlan["points"] {
  const rows = new Map<number, number>();
  for (const bucket of buckets) {
    const start = startOfUnit(bucket.at, unit);
    rows.set(start, (rows.get(start) ?? 0) + bucket.rows);
  }
  const starts = [...rows.keys()];
  const last = Math.max(...starts);
  const points: { at: number; value: number }[] = [];
  for (let at = Math.min(...starts); at <= last && points.length <= mostCountedPoints; at = startOfNextUnit(at, unit)) {
    points.push({ at, value: rows.get(at) ?? 0 });
  }
  return points;
}
