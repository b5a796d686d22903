/** How the rows of a file are written down. */
export type DatasetFormat = "csv" | "tsv" | "json" | "geojson";

/** Who made the data, as the documentation of `vega-datasets` says. */
export interface DatasetSource {
  readonly name: string;
  /** `null` when the documentation names no address. */
  readonly url: string | null;
}

/** One real file that the demo profiles. */
export interface Dataset {
  /** Stable, lower case; names files, dedupe keys and anchors. */
  readonly name: string;
  readonly title: string;
  /** File name inside the data folder of `vega-datasets`. */
  readonly file: string;
  readonly format: DatasetFormat;
  /** What the rows are, in one sentence for people. */
  readonly sentence: string;
  readonly source: DatasetSource;
  /** Columns worth a chart, best first; the others are considered after these. */
  readonly favourites: readonly string[];
  /** Set for the one dataset whose copy is damaged on purpose: the share of the file that is kept. */
  readonly keepShare?: number;
}
