import type { ColumnProfile } from "../profile/dataset-profile.ts";
import { html, trusted, type Html } from "./html.ts";

const width = 96;
const height = 22;
const mostBars = 24;
const widestStep = 14;

/** The shape of a column in the size of a word: bars of its histogram, its time line, or its most frequent values. */
export function sparkline(column: ColumnProfile): Html | null {
  const heights = join(heightsOf(column), mostBars);
  const most = Math.max(...heights, 0);
  if (heights.length < 2 || most === 0) return null;
  const step = Math.min(width / heights.length, widestStep);
  const bar = round(step * 0.8);
  const bars = heights.map((value, index) => {
    if (value === 0) return "";
    const size = Math.max(1, (value / most) * height);
    return `M${round(index * step)},${height}v${round(-size)}h${bar}v${round(size)}z`;
  });
  return html`<svg class="spark" viewBox="0 0 ${width} ${height}" aria-hidden="true">
    <path d="${trusted(bars.join(""))}" />
  </svg>`;
}

function heightsOf({ type, numbers, dates, top }: ColumnProfile): readonly number[] {
  if (dates !== null) return spread(dates.buckets.map(({ at, rows }) => ({ at, rows })));
  if (numbers !== null && type !== "mixed") return numbers.histogram.counts;
  // Where nearly every value is another one, equal bars would look like a finding.
  return (top.values[0]?.count ?? 0) > 1 ? top.values.map(({ count }) => count) : [];
}

/** Puts stretches of time where they lie, so that gaps show as gaps. */
function spread(buckets: readonly { readonly at: number; readonly rows: number }[]): readonly number[] {
  const [first, last] = [buckets[0]?.at ?? 0, buckets.at(-1)?.at ?? 0];
  const bars = Math.min(mostBars, buckets.length);
  const heights = Array.from({ length: bars }, () => 0);
  for (const { at, rows } of buckets) {
    const index = last === first ? 0 : Math.min(bars - 1, Math.floor(((at - first) / (last - first)) * bars));
    heights[index] = (heights[index] ?? 0) + rows;
  }
  return heights;
}

function join(heights: readonly number[], most: number): readonly number[] {
  if (heights.length <= most) return heights;
  const group = Math.ceil(heights.length / most);
  return Array.from({ length: Math.ceil(heights.length / group) }, (_, index) =>
    heights.slice(index * group, (index + 1) * group).reduce((sum, value) => sum + value, 0),
  );
}

function round(value: number): number {
  return Number(value.toFixed(1));
}
