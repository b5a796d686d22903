import { basename } from "node:path";
import { pipeline, type Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { DamagedFileError } from "./damaged-file-error.ts";
import { readExcerpt } from "./read-excerpt.ts";
import type { Row } from "./row-source.ts";

export interface DelimitedText {
  readonly stream: Readable;
  readonly path: string;
  readonly delimiter: "," | "\t";
}

/** Rows of a CSV or TSV file whose first line names the columns. Values stay text; the profiler decides what they are. */
export async function* readDelimitedRows(text: DelimitedText): AsyncGenerator<Row> {
  const parser = parse({ bom: true, delimiter: text.delimiter, skip_empty_lines: true });
  // The error of either end arrives in the loop below: the pipeline destroys the parser with it.
  pipeline(text.stream, parser, () => {});
  let columns: readonly string[] | null = null;
  try {
    for await (const record of parser as AsyncIterable<readonly string[]>) {
      if (columns === null) columns = namedColumns(record);
      else yield toRow(columns, record);
    }
  } catch (error) {
    throw error instanceof CsvError ? await describeDamage(error, text.path) : error;
  }
}

function namedColumns(header: readonly string[]): readonly string[] {
  return header.map((name, index) => name.trim() || `column ${String(index + 1)}`);
}

function toRow(columns: readonly string[], record: readonly string[]): Row {
  const row: Record<string, unknown> = {};
  for (let index = 0; index < columns.length; index += 1) row[columns[index] ?? ""] = record[index];
  return row;
}

async function describeDamage(error: CsvError, path: string): Promise<DamagedFileError> {
  const byte = position(error, "bytes");
  return new DamagedFileError(
    {
      file: basename(path),
      problem: problemOf(error),
      // `records` counts the complete ones, the header among them: as many as the number of the row that broke.
      row: Math.max(1, position(error, "records")),
      line: position(error, "lines"),
      byte,
      excerpt: await readExcerpt(path, byte),
    },
    error,
  );
}

function problemOf(error: CsvError): string {
  switch (error.code) {
    case "CSV_RECORD_INCONSISTENT_FIELDS_LENGTH": {
      const found: unknown = Reflect.get(error, "record");
      const count = Array.isArray(found) ? String(found.length) : "another number of";
      return `the row has ${count} ${count === "1" ? "value" : "values"}, not one for each column`;
    }
    case "CSV_QUOTE_NOT_CLOSED":
      return "a quoted value is opened and never closed";
    case "INVALID_OPENING_QUOTE":
      return "a quote stands in the middle of an unquoted value";
    case "CSV_INVALID_CLOSING_QUOTE":
      return "a quoted value goes on after its closing quote";
    default:
      return error.message;
  }
}

function position(error: CsvError, key: "bytes" | "lines" | "records"): number {
  const value: unknown = Reflect.get(error, key);
  return typeof value === "number" ? value : 0;
}
