import { formatCount, formatShare, formatValue } from "../format/format-number.ts";
import { formatMoment } from "../format/format-time.ts";
import type {
  Chart,
  ChartPlan,
  HistogramPlan,
  MapPlan,
  RelationPlan,
  TimeLinePlan,
  TopValuesPlan,
} from "./chart-plan.ts";

type Words = Pick<Chart, "title" | "caption" | "alt">;

/** Says in words what a chart shows. */
export function describeChart(plan: ChartPlan): Words {
  switch (plan.kind) {
    case "histogram":
      return describeHistogram(plan);
    case "top-values":
      return describeTopValues(plan);
    case "time-line":
      return describeTimeLine(plan);
    case "relation":
      return describeRelation(plan);
    case "map":
      return describeMap(plan);
  }
}

function describeHistogram({ column, histogram, median, middleHalf, count, isExact }: HistogramPlan): Words {
  const [from, to] = middleHalf.map(formatValue);
  const half = `The median (dashed) is ${formatValue(median)}; half of all values lie between ${from ?? ""} and ${to ?? ""}.`;
  const outside = histogram.below + histogram.above;
  const cut = outside === 0 ? "" : ` Beyond the ends: ${formatCount(outside)} rows.`;
  const estimate = isExact ? "" : " Estimated from a digest of all values.";
  const { start, step, counts } = histogram;
  const peak = counts.indexOf(Math.max(...counts));
  const [low, high] = [formatValue(start + peak * step), formatValue(start + (peak + 1) * step)];
  const alt = `Histogram of ${column} over ${formatCount(count)} rows. Most rows, ${formatCount(counts[peak] ?? 0)}, lie from ${low} to ${high}. ${half}`;
  return { title: column, caption: half + cut + estimate, alt };
}

function describeTopValues({ column, values, rows, distinct, isExact }: TopValuesPlan): Words {
  const [first] = values;
  const leader =
    first === undefined ? "" : `“${first.value}” leads with ${formatShare(first.count / rows)} of the rows.`;
  const shown = values.length >= distinct.count ? `All ${formatCount(distinct.count)} values are shown.` : "";
  const total = `${distinct.isExact ? "" : "About "}${formatCount(distinct.count)} different values in all.`;
  const caption = `${leader} ${shown === "" ? total : shown}${isExact ? "" : " Counts are estimates."}`;
  const list = values.map(({ value, count }) => `${value} ${formatCount(count)}`).join(", ");
  return { title: column, caption, alt: `Bar chart of the most frequent values of ${column}: ${list}.` };
}

function describeTimeLine({ column, measure, unit, points }: TimeLinePlan): Words {
  const highest = points.reduce(
    (best, point) => (point.value > best.value ? point : best),
    points[0] ?? { at: 0, value: 0 },
  );
  const [first, last] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0];
  const span = `From ${formatMoment(first, unit)} to ${formatMoment(last, unit)}`;
  const amount = measure === null ? `${formatCount(highest.value)} rows` : formatValue(highest.value);
  const when = unit === "year" || unit === "month" ? "in" : "on";
  const peak = `highest ${when} ${formatMoment(highest.at, unit)}, at ${amount}`;
  const title = measure === null ? `Rows by ${unit}` : `${measure} by ${unit}`;
  const means = measure === null ? `Rows by ${column}.` : `Means by ${unit}.`;
  const caption = `${span}; ${peak}. ${means}`;
  const change = `It starts at ${formatValue(points[0]?.value ?? 0)} and ends at ${formatValue(points.at(-1)?.value ?? 0)}.`;
  return { title, caption, alt: `Line chart: ${title}. ${caption} ${change}` };
}

function describeRelation({ relation: { x, y, r, groupColumn, points, isExact } }: RelationPlan): Words {
  const direction = r < 0 ? "falls" : "rises";
  const sizes = Math.abs(r) >= 0.7 ? "clearly" : "loosely";
  const dots = isExact ? "Every dot is a row" : `Every dot is one of ${formatCount(points.length)} rows drawn by lot`;
  const colours = groupColumn === null ? "" : `, coloured by ${groupColumn}`;
  const finding = `${y} ${sizes} ${direction} with ${x} (correlation ${formatValue(Number(r.toFixed(2)))}).`;
  const caption = `${finding} ${dots}${colours}.`;
  return { title: `${y} against ${x}`, caption, alt: `Scatter plot. ${caption}` };
}

function describeMap({ places, region }: MapPlan): Words {
  const most = Math.max(...places.cells.map(({ rows }) => rows));
  const side = `${String(places.degrees)}°`;
  const where = region === "world" ? "the world" : "the United States";
  const dots = `A dot stands for a square of ${side}; the larger, the more rows in it, up to ${formatCount(most)}.`;
  const far = region === "world" ? "" : " Places outside the fifty states are left out.";
  return {
    title: "Where the rows lie",
    caption: dots + far,
    alt: `Map of ${where} with ${formatCount(places.cells.length)} dots. ${dots}`,
  };
}
