import type { Config } from "vega-lite";

/** Size of the drawing in its own units; the page scales it. Wide enough for labels that stay readable on a phone. */
export const chartSize = { width: 340, height: 216 } as const;

/** The colours a chart may use. The page gives them values, one set for light and one for dark. */
export const ink = {
  text: "var(--ink)",
  muted: "var(--muted)",
  grid: "var(--grid)",
  land: "var(--land)",
  main: "var(--c1)",
  series: ["var(--c1)", "var(--c2)", "var(--c3)", "var(--c4)", "var(--c5)", "var(--c6)"],
} as const;

/** How every chart looks: few lines, quiet labels, no frame. */
export const chartConfig: Config = {
  // The page's own font is set by CSS; this one only guides the estimate of label widths.
  font: "sans-serif",
  background: "transparent",
  padding: { left: 2, right: 6, top: 6, bottom: 2 },
  view: { stroke: null },
  aria: false,
  axis: {
    domain: false,
    ticks: false,
    gridColor: ink.grid,
    gridWidth: 1,
    labelColor: ink.muted,
    labelFontSize: 12.5,
    labelPadding: 6,
    titleColor: ink.muted,
    titleFontSize: 12.5,
    titleFontWeight: "normal",
    titlePadding: 8,
    labelOverlap: true,
  },
  legend: {
    orient: "top",
    direction: "horizontal",
    title: null,
    labelColor: ink.text,
    labelFontSize: 12.5,
    symbolSize: 70,
    symbolType: "circle",
    symbolOpacity: 1,
    offset: 4,
    columnPadding: 12,
  },
};
