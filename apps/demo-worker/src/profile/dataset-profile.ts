import type { TimeUnit } from "../format/time-unit.ts";

export type ColumnType = "number" | "integer" | "boolean" | "date" | "text" | "mixed" | "empty";

/** How often a value stands in a column. */
export interface ValueCount {
  readonly value: string;
  readonly count: number;
}

/** Rows counted in bins of equal width. Bin `i` reaches from `start + i * step` to just below the next. */
export interface Histogram {
  readonly start: number;
  readonly step: number;
  readonly counts: readonly number[];
  /** Rows left of the first and right of the last bin: a few extreme values must not flatten all the others. */
  readonly below: number;
  readonly above: number;
}

export interface NumberSummary {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly deviation: number;
  readonly quantiles: {
    readonly p05: number;
    readonly p25: number;
    readonly p50: number;
    readonly p75: number;
    readonly p95: number;
  };
  readonly histogram: Histogram;
  /** Whether quantiles and histogram come from every value, not from a digest of them. */
  readonly isExact: boolean;
}

export interface DateSummary {
  readonly first: number;
  readonly last: number;
  /** How exactly the dates are given. */
  readonly precision: TimeUnit;
  /** The stretches in which rows are counted; wider than the precision when there are many. */
  readonly unit: TimeUnit;
  readonly buckets: readonly { readonly at: number; readonly rows: number }[];
}

export interface TextSummary {
  readonly shortest: number;
  readonly longest: number;
  readonly meanLength: number;
}

export interface ColumnProfile {
  readonly name: string;
  readonly type: ColumnType;
  /** Rows that have a value here; with `missing`, all rows. */
  readonly present: number;
  readonly missing: number;
  readonly distinct: { readonly count: number; readonly isExact: boolean };
  readonly top: { readonly values: readonly ValueCount[]; readonly isExact: boolean };
  readonly numbers: NumberSummary | null;
  readonly dates: DateSummary | null;
  readonly texts: TextSummary | null;
}

/** Rows, and the means of the numeric columns, in each stretch of time. */
export interface TimeLine {
  readonly column: string;
  readonly unit: TimeUnit;
  readonly buckets: readonly TimeLineBucket[];
}

export interface TimeLineBucket {
  readonly at: number;
  readonly rows: number;
  readonly means: Readonly<Record<string, number>>;
}

/** Rows counted in the squares of a grid over the globe. */
export interface PlaceCounts {
  /** Side of a square in degrees. */
  readonly degrees: number;
  /** Each square by its middle. */
  readonly cells: readonly { readonly longitude: number; readonly latitude: number; readonly rows: number }[];
}

/** Two numeric columns that move together. */
export interface Relation {
  readonly x: string;
  readonly y: string;
  /** Pearson's correlation of the points. */
  readonly r: number;
  /** The column whose value colours a point, when one has few values. */
  readonly groupColumn: string | null;
  readonly points: readonly { readonly x: number; readonly y: number; readonly group: string | null }[];
  /** Whether the points are all rows, not a random choice of them. */
  readonly isExact: boolean;
}

export interface DatasetProfile {
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
  readonly timeLine: TimeLine | null;
  readonly places: PlaceCounts | null;
  readonly relation: Relation | null;
}
