import type { ColumnProfile, Histogram, PlaceCounts, Relation, ValueCount } from "../profile/dataset-profile.ts";
import type { TimeUnit } from "../format/time-unit.ts";

/** What to draw, before anything is drawn. */
export type ChartPlan = HistogramPlan | TopValuesPlan | TimeLinePlan | RelationPlan | MapPlan;

export interface HistogramPlan {
  readonly kind: "histogram";
  readonly column: string;
  readonly histogram: Histogram;
  readonly median: number;
  readonly middleHalf: readonly [number, number];
  readonly count: number;
  readonly isWhole: boolean;
  readonly isExact: boolean;
}

export interface TopValuesPlan {
  readonly kind: "top-values";
  readonly column: string;
  readonly values: readonly ValueCount[];
  readonly rows: number;
  readonly distinct: ColumnProfile["distinct"];
  readonly isExact: boolean;
}

export interface TimeLinePlan {
  readonly kind: "time-line";
  readonly column: string;
  /** The numeric column whose mean is drawn, or `null` when rows are counted. */
  readonly measure: string | null;
  readonly unit: TimeUnit;
  readonly points: readonly { readonly at: number; readonly value: number }[];
}

export interface RelationPlan {
  readonly kind: "relation";
  readonly relation: Relation;
}

export interface MapPlan {
  readonly kind: "map";
  readonly places: PlaceCounts;
  /** The part of the globe that is shown. */
  readonly region: "united-states" | "world";
}

/** A drawn chart with its words. Everything but `svg` is plain text. */
export interface Chart {
  readonly kind: ChartPlan["kind"];
  readonly title: string;
  /** One sentence below the drawing: what it shows, and whether anything in it is an estimate. */
  readonly caption: string;
  /** The drawing in words, for those who do not see it. */
  readonly alt: string;
  /** An `<svg>` element that takes its colours from the page. */
  readonly svg: string;
}
