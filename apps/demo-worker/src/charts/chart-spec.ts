import type { TopLevelSpec } from "vega-lite";
import type { ChartPlan, HistogramPlan, RelationPlan, TimeLinePlan, TopValuesPlan } from "./chart-plan.ts";
import { chartConfig, chartSize, ink } from "./chart-theme.ts";
import { mapSpec } from "./map-spec.ts";

/** The Vega-Lite specification of a plan. */
export async function chartSpec(plan: ChartPlan): Promise<TopLevelSpec> {
  switch (plan.kind) {
    case "histogram":
      return histogramSpec(plan);
    case "top-values":
      return topValuesSpec(plan);
    case "time-line":
      return timeLineSpec(plan);
    case "relation":
      return relationSpec(plan);
    case "map":
      return mapSpec(plan);
  }
}

const frame = { ...chartSize, autosize: { type: "fit", contains: "padding" }, config: chartConfig } as const;
const longestLabel = 44;
const shortNumber =
  "abs(datum.value) >= 1e9 ? format(datum.value / 1e9, '~g') + 'B' : " +
  "abs(datum.value) >= 1e4 ? format(datum.value, '~s') : format(datum.value, ',~g')";

function histogramSpec({ histogram, median, column, isWhole }: HistogramPlan): TopLevelSpec {
  const { step, counts } = histogram;
  // A bar that stands for one whole number stands over it, not to its right.
  const start = isWhole && step === 1 ? histogram.start - 0.5 : histogram.start;
  const gap = 0.035 * step;
  const bins = counts.map((rows, index) => ({
    from: start + index * step + gap,
    to: start + (index + 1) * step - gap,
    rows,
  }));
  return {
    ...frame,
    data: { values: bins },
    layer: [
      {
        mark: { type: "rect", color: ink.main, cornerRadiusTopLeft: 1.5, cornerRadiusTopRight: 1.5 },
        encoding: {
          x: {
            field: "from",
            type: "quantitative",
            scale: { zero: false, nice: false, domain: [start, start + counts.length * step] },
            axis: { grid: false, title: column, tickCount: 6, labelExpr: shortNumber },
          },
          x2: { field: "to" },
          y: { field: "rows", type: "quantitative", axis: { title: null, tickCount: 4, format: "~s" } },
          y2: { datum: 0 },
        },
      },
      {
        data: { values: [{ median }] },
        mark: { type: "rule", color: ink.text, strokeWidth: 1.5, strokeDash: [3, 3] },
        encoding: { x: { field: "median", type: "quantitative" } },
      },
    ],
  };
}

/** Each value as its own line of text above a thin bar: no label has to be cut to fit an axis. */
function topValuesSpec({ values }: TopValuesPlan): TopLevelSpec {
  const y = { field: "value", type: "nominal" as const, sort: null, axis: null, scale: { paddingInner: 0.1 } };
  const text = { type: "text", baseline: "middle", fontSize: 13, dy: -5 } as const;
  return {
    ...frame,
    data: { values: values.map(({ value, count }) => ({ value, count, label: shorten(value) })) },
    encoding: { y },
    layer: [
      {
        mark: { type: "bar", color: ink.grid, height: 5, yOffset: 7.5, cornerRadius: 2.5 },
        encoding: { x: { value: 0 }, x2: { value: "width" } },
      },
      {
        mark: { type: "bar", color: ink.main, height: 5, yOffset: 7.5, cornerRadius: 2.5 },
        encoding: { x: { field: "count", type: "quantitative", axis: null, stack: null, scale: { nice: false } } },
      },
      {
        mark: { ...text, align: "left", color: ink.text },
        encoding: { x: { value: 0 }, text: { field: "label", type: "nominal" } },
      },
      {
        mark: { ...text, align: "right", color: ink.muted },
        encoding: { x: { value: "width" }, text: { field: "count", type: "quantitative", format: "," } },
      },
    ],
  };
}

function shorten(text: string): string {
  return text.length <= longestLabel ? text : `${text.slice(0, longestLabel - 1).trimEnd()}…`;
}

function timeLineSpec({ points, measure, unit }: TimeLinePlan): TopLevelSpec {
  const isCount = measure === null;
  const line = { color: ink.main, strokeWidth: points.length > 300 ? 1.4 : 2, strokeJoin: "round" } as const;
  return {
    ...frame,
    data: { values: points.map(({ at, value }) => ({ at, value })) },
    mark: isCount
      ? { type: "area", color: ink.main, fillOpacity: 0.22, line, interpolate: "monotone" }
      : { type: "line", ...line, interpolate: "monotone" },
    encoding: {
      x: {
        field: "at",
        type: "temporal",
        scale: { type: "utc" },
        axis: { title: null, grid: false, tickCount: 6, ...(unit === "hour" ? { format: "%-d %b" } : {}) },
      },
      y: {
        field: "value",
        type: "quantitative",
        scale: { zero: isCount, nice: true },
        axis: { title: null, tickCount: 5, labelExpr: shortNumber },
      },
    },
  };
}

function relationSpec({ relation }: RelationPlan): TopLevelSpec {
  const axis = { tickCount: 6, labelExpr: shortNumber, titleLimit: 300 } as const;
  const groups = [...new Set(relation.points.flatMap(({ group }) => (group === null ? [] : [group])))].toSorted();
  return {
    ...frame,
    height: frame.height + (groups.length > 0 ? 24 : 0),
    data: { values: relation.points.filter(({ group }) => groups.length === 0 || group !== null) },
    mark: { type: "circle", opacity: 0.62, size: relation.points.length > 300 ? 22 : 32, color: ink.main },
    encoding: {
      x: { field: "x", type: "quantitative", scale: { zero: false }, axis: { ...axis, title: relation.x } },
      y: { field: "y", type: "quantitative", scale: { zero: false }, axis: { ...axis, title: relation.y } },
      ...(groups.length === 0
        ? {}
        : { color: { field: "group", type: "nominal" as const, scale: { domain: groups, range: [...ink.series] } } }),
    },
  };
}
