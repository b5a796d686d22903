import { pipeline, type Readable } from "node:stream";
import { streamArray } from "stream-json/streamers/stream-array.js";
import { describeJsonDamage } from "./describe-json-damage.ts";
import type { Row } from "./row-source.ts";

/** Rows of a JSON file that is one array of objects. */
export async function* readJsonRows(stream: Readable, path: string): AsyncGenerator<Row> {
  const items = streamArray.withParserAsStream({ streamValues: false });
  // The error of either end arrives in the loop below: the pipeline destroys the last stream with it.
  pipeline(stream, items, () => {});
  try {
    for await (const { value } of items as AsyncIterable<{ readonly value: unknown }>) yield asRow(value);
  } catch (error) {
    throw await describeJsonDamage({ path, rowDepth: 1, error });
  }
}

/** An element that is no object becomes a row of one column. */
function asRow(value: unknown): Row {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Row) : { value };
}
