/** One row: column name to value. Columns may be missing from a row. */
export type Row = Readonly<Record<string, unknown>>;

/** The rows of one file, read once from start to end, with how far the reading has come. */
export interface RowSource extends AsyncIterable<Row> {
  /** Size of the file. */
  readonly totalBytes: number;
  /** Bytes taken from the file so far; runs a little ahead of the rows handed out. */
  bytesRead(): number;
}
