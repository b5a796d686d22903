import { createReadStream, type ReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { DatasetFormat } from "../datasets/dataset.ts";
import { readDelimitedRows } from "./read-delimited-rows.ts";
import { readGeoJsonRows } from "./read-geojson-rows.ts";
import { readJsonRows } from "./read-json-rows.ts";
import type { Row, RowSource } from "./row-source.ts";

export interface ReadRowsRequest {
  readonly path: string;
  readonly format: DatasetFormat;
  /** Ends the reading; the iteration then throws the reason. */
  readonly signal: AbortSignal;
}

/**
 * Opens a file as a stream of rows; never more than a few chunks of it are in memory.
 * @throws DamagedFileError from the iteration, saying row, line and byte, when the file cannot be read to its end.
 */
export async function readRows(request: ReadRowsRequest): Promise<RowSource> {
  const { size } = await stat(request.path);
  const stream = createReadStream(request.path, { signal: request.signal });
  const rows = rowsOf(stream, request);
  return {
    totalBytes: size,
    bytesRead: () => stream.bytesRead,
    [Symbol.asyncIterator]: () => rows[Symbol.asyncIterator](),
  };
}

function rowsOf(stream: ReadStream, { path, format }: ReadRowsRequest): AsyncIterable<Row> {
  switch (format) {
    case "csv":
      return readDelimitedRows({ stream, path, delimiter: "," });
    case "tsv":
      return readDelimitedRows({ stream, path, delimiter: "\t" });
    case "json":
      return readJsonRows(stream, path);
    case "geojson":
      return readGeoJsonRows(stream, path);
  }
}
