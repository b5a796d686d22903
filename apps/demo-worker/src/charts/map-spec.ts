import { readFile } from "node:fs/promises";
import { projection as projectionOf } from "vega";
import type { TopLevelSpec } from "vega-lite";
import { locateDatasetFile } from "../datasets/locate-dataset.ts";
import type { MapPlan } from "./chart-plan.ts";
import { chartConfig, chartSize, ink } from "./chart-theme.ts";

const regions = {
  "united-states": {
    file: "us-10m.json",
    feature: "states",
    projection: { type: "albersUsa" },
    height: 218,
    dots: [3, 46],
  },
  world: {
    file: "world-110m.json",
    feature: "countries",
    projection: { type: "equalEarth" },
    height: 176,
    dots: [7, 90],
  },
} as const;

/** A map of dots, each for one square of the grid, the larger the more rows lie in it. */
export async function mapSpec({ places, region }: MapPlan): Promise<TopLevelSpec> {
  const { file, feature, projection, height, dots } = regions[region];
  const outlines: object = JSON.parse(await readFile(locateDatasetFile(file), "utf8"));
  const canShow = placeTest(projection.type);
  const cells = places.cells.filter(canShow);
  const most = Math.max(...cells.map(({ rows }) => rows));
  return {
    width: chartSize.width,
    height,
    autosize: { type: "none" },
    config: chartConfig,
    padding: 0,
    projection,
    layer: [
      {
        data: { values: outlines, format: { type: "topojson", feature } },
        mark: { type: "geoshape", fill: ink.land, stroke: "var(--card)", strokeWidth: 0.7 },
      },
      {
        data: { values: cells },
        mark: { type: "circle", color: ink.main, opacity: 0.8, strokeWidth: 0 },
        encoding: {
          longitude: { field: "longitude", type: "quantitative" },
          latitude: { field: "latitude", type: "quantitative" },
          size: {
            field: "rows",
            type: "quantitative",
            scale: { type: "sqrt", domain: [1, Math.max(2, most)], range: [...dots] },
            legend: null,
          },
        },
      },
    ],
  };
}

type Place = MapPlan["places"]["cells"][number];
type Project = (place: readonly [number, number]) => readonly [number, number] | null;

/** Whether a projection has a spot for a place: that of the United States has none for what lies outside them. */
function placeTest(type: string): (place: Place) => boolean {
  // Vega's typings describe only how a projection is registered, not how one is made.
  const find = projectionOf as unknown as (type: string) => (() => Project) | undefined;
  const project = find(type)?.();
  if (typeof project !== "function") return () => true;
  return ({ longitude, latitude }) => project([longitude, latitude]) !== null;
}
