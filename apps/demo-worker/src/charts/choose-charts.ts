import type { ColumnProfile, DatasetProfile, PlaceCounts } from "../profile/dataset-profile.ts";
import { placeAxis } from "../profile/place-grid.ts";
import type { ChartPlan, HistogramPlan, MapPlan, RelationPlan, TopValuesPlan } from "./chart-plan.ts";
import { planTimeLine } from "./plan-time-line.ts";

const fewestCharts = 2;
const mostCharts = 3;
const shownValues = 8;

/**
 * The two or three charts that say most: where, when and how things move together first, then how the favourite
 * columns are spread. A column of ids, of one value, or of nothing is never drawn.
 */
export function chooseCharts(profile: DatasetProfile, favourites: readonly string[]): readonly ChartPlan[] {
  const columns = favouritesFirst(profile.columns, favourites);
  const wholes = [planMap(profile), planRelation(profile), planTimeLine(profile, columns)].filter(
    (plan) => plan !== null,
  );
  const drawn = new Set(wholes.flatMap(columnsOf));
  const planParts = (isWanted: boolean): readonly ChartPlan[] =>
    columns
      .filter((column) => favourites.includes(column.name) === isWanted && !drawn.has(column.name))
      .map((column) => planHistogram(column, isWanted) ?? planTopValues(column))
      .filter((plan) => plan !== null);
  const chosen = [...wholes, ...alternating(planParts(true))];
  return (chosen.length < fewestCharts ? [...chosen, ...planParts(false)] : chosen).slice(0, mostCharts);
}

function planMap({ places }: DatasetProfile): MapPlan | null {
  if (places === null || places.cells.length < 20) return null;
  return { kind: "map", places, region: mostlyUnitedStates(places) ? "united-states" : "world" };
}

function planRelation({ relation }: DatasetProfile): RelationPlan | null {
  return relation === null ? null : { kind: "relation", relation };
}

function planHistogram(column: ColumnProfile, isWanted: boolean): HistogramPlan | null {
  const { numbers } = column;
  if (numbers === null || column.type === "mixed" || column.distinct.count < 3) return null;
  if (placeAxis(column.name) !== null || (!isWanted && looksLikeId(column))) return null;
  return {
    kind: "histogram",
    column: column.name,
    histogram: numbers.histogram,
    median: numbers.quantiles.p50,
    middleHalf: [numbers.quantiles.p25, numbers.quantiles.p75],
    count: numbers.count,
    isWhole: column.type === "integer",
    isExact: numbers.isExact,
  };
}

function planTopValues(column: ColumnProfile): TopValuesPlan | null {
  const values = column.top.values.slice(0, shownValues);
  const isText = column.type === "text" || column.type === "boolean";
  // When even the most frequent value is rare, bars would all look alike and say nothing.
  if (!isText || values.length < 2 || (values[0]?.count ?? 0) < 5) return null;
  return {
    kind: "top-values",
    column: column.name,
    values,
    rows: column.present,
    distinct: column.distinct,
    isExact: column.top.isExact,
  };
}

/** Whole numbers of which hardly two are the same number things; they do not measure them. */
function looksLikeId(column: ColumnProfile): boolean {
  return column.type === "integer" && column.distinct.count > 0.95 * (column.numbers?.count ?? 0);
}

function favouritesFirst(columns: readonly ColumnProfile[], favourites: readonly string[]): readonly ColumnProfile[] {
  const wanted = favourites.flatMap((name) => columns.filter((column) => column.name === name));
  return [...wanted, ...columns.filter((column) => !favourites.includes(column.name))];
}

/** The first of each kind before the second of either, so that a dataset does not get three histograms. */
function alternating(plans: readonly ChartPlan[]): readonly ChartPlan[] {
  const [first] = plans;
  const other = plans.find((plan) => plan.kind !== first?.kind);
  return first === undefined || other === undefined
    ? plans
    : [first, other, ...plans.filter((plan) => plan !== first && plan !== other)];
}

function columnsOf(plan: ChartPlan): readonly string[] {
  if (plan.kind === "relation") return [plan.relation.x, plan.relation.y];
  if (plan.kind === "time-line") return plan.measure === null ? [plan.column] : [plan.column, plan.measure];
  return [];
}

function mostlyUnitedStates({ cells }: PlaceCounts): boolean {
  const total = cells.reduce((sum, cell) => sum + cell.rows, 0);
  const inside = cells
    .filter(({ longitude, latitude }) => longitude > -180 && longitude < -64 && latitude > 17 && latitude < 72)
    .reduce((sum, cell) => sum + cell.rows, 0);
  return inside > 0.98 * total;
}
