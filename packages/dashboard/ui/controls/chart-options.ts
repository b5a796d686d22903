import uPlot from "uplot";
import { niceStep } from "./nice-step.ts";

/** One line or one row of columns. */
export interface ChartSeries {
  readonly label: string;
  /** The name of a token: `ok-mark`. */
  readonly colour: string;
  readonly look: "columns" | "line" | "dashes";
  /** Aligned with the times; null = not known, and drawn as a gap. */
  readonly values: readonly (number | null)[];
}

/** What a chart shows. */
export interface ChartParts {
  /** Epoch ms, ascending. */
  readonly times: readonly number[];
  readonly series: readonly ChartSeries[];
  readonly valueText: (value: number) => string;
  /** The last column is not whole yet. */
  readonly isLastOpen: boolean;
}

/** What it is drawn with. */
export interface ChartWorld {
  readonly width: number;
  readonly height: number;
  readonly zone: string;
  readonly colourOf: (token: string) => string;
  readonly onPoint: (index: number | null) => void;
}

/** The settings of a chart: columns and straight lines, nothing between two points is made up. */
export function chartOptions(parts: ChartParts, world: ChartWorld): uPlot.Options {
  const { colourOf } = world;
  const grid = { stroke: colourOf("border"), width: 1 };
  const text = { stroke: colourOf("text-3"), font: "11px Inter Variable, system-ui, sans-serif" };
  return {
    width: world.width,
    height: world.height,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), world.zone),
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false }, sync: { key: "overview" } },
    scales: {
      x: { range: (_plot, low, high) => [low, high + bucketOf(parts.times)] },
      y: { range: (_plot, _low, high) => [0, high > 0 ? high * 1.1 : 1] },
    },
    axes: [
      {
        ...text,
        grid: { show: false },
        ticks: { show: false },
        size: 24,
        values: (_plot, splits) => timeTexts(splits, world.zone),
      },
      {
        ...text,
        grid,
        ticks: { show: false },
        size: 48,
        splits: (plot) => fewSplits(plot.scales["y"]?.max ?? 1),
        values: (_plot, values) => values.map(parts.valueText),
      },
    ],
    series: [{}, ...parts.series.map((one) => seriesOptions(one, colourOf))],
    hooks: {
      setCursor: [(plot) => world.onPoint(plot.cursor.idx ?? null)],
      draw: parts.isLastOpen ? [(plot) => hatchLast(plot, colourOf("surface"))] : [],
    },
  };
}

function seriesOptions({ label, colour, look }: ChartSeries, colourOf: ChartWorld["colourOf"]): uPlot.Series {
  const stroke = colourOf(colour);
  if (look === "columns") {
    const paths = uPlot.paths.bars?.({ size: [0.7, 40], align: 1 });
    return { label, stroke, fill: stroke, width: 0, points: { show: false }, ...(paths ? { paths } : {}) };
  }
  const dash = look === "dashes" ? { dash: [3, 3] } : {};
  return {
    label,
    stroke,
    width: 1.5,
    points: { show: true, size: 5, fill: stroke, filter: alone },
    spanGaps: false,
    ...dash,
  };
}

/** Points that no line leads to: they would not be seen. */
function alone(plot: uPlot, series: number): number[] {
  const values = plot.data[series] ?? [];
  const isKnown = (index: number): boolean => values[index] !== null && values[index] !== undefined;
  return [...values.keys()].filter((index) => isKnown(index) && !isKnown(index - 1) && !isKnown(index + 1));
}

/** Hours and minutes; the day where it changes. */
function timeTexts(splits: readonly number[], zone: string): string[] {
  let day = -1;
  return splits.map((seconds) => {
    const date = uPlot.tzDate(new Date(seconds * 1_000), zone);
    const isNew = day !== -1 && day !== date.getDate();
    day = date.getDate();
    const clock = `${String(date.getHours()).padStart(2, "0")}:${String(date.getMinutes()).padStart(2, "0")}`;
    return isNew ? `${date.getDate()}. ${clock}` : clock;
  });
}

function fewSplits(high: number): number[] {
  const step = niceStep(high / 3);
  const splits: number[] = [];
  for (let at = 0; at <= high; at += step) splits.push(at);
  return splits;
}

/** A column stands to the right of its time: the last one needs room too. */
function bucketOf(times: readonly number[]): number {
  const [last, before] = [times.at(-1), times.at(-2)];
  return last === undefined || before === undefined ? 60 : (last - before) / 1_000;
}

/** The last column is still being counted: lines of the ground through it say so. */
function hatchLast(plot: uPlot, ground: string): void {
  const times = plot.data[0];
  const [last, before] = [times.at(-1), times.at(-2)];
  if (last === undefined || before === undefined) return;
  const left = plot.valToPos(last, "x", true);
  const { ctx, bbox } = plot;
  const width =
    Math.min(bbox.left + bbox.width, left + (plot.valToPos(last, "x", true) - plot.valToPos(before, "x", true))) - left;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, bbox.top, Math.max(width, 4), bbox.height);
  ctx.clip();
  ctx.strokeStyle = ground;
  ctx.lineWidth = 2;
  for (let at = left - bbox.height; at < left + width; at += 7) {
    ctx.beginPath();
    ctx.moveTo(at, bbox.top + bbox.height);
    ctx.lineTo(at + bbox.height, bbox.top);
    ctx.stroke();
  }
  ctx.restore();
}
