import { pipeline, type Readable } from "node:stream";
import { pick } from "stream-json/filters/pick.js";
import { streamArray } from "stream-json/streamers/stream-array.js";
import { describeJsonDamage } from "./describe-json-damage.ts";
import type { Row } from "./row-source.ts";

interface Feature {
  readonly id?: unknown;
  readonly properties?: Row | null;
  readonly geometry?: { readonly type?: unknown; readonly coordinates?: unknown } | null;
}

/** Rows of a GeoJSON feature collection: the properties of each feature, and where it lies when it is a point. */
export async function* readGeoJsonRows(stream: Readable, path: string): AsyncGenerator<Row> {
  const features = pick.withParserAsStream({ filter: "features", streamValues: false });
  const items = streamArray.asStream();
  // The error of any part arrives in the loop below: the pipeline destroys the last stream with it.
  pipeline(stream, features, items, () => {});
  try {
    for await (const { value } of items as AsyncIterable<{ readonly value: Feature }>) yield asRow(value);
  } catch (error) {
    throw await describeJsonDamage({ path, rowDepth: 2, error });
  }
}

function asRow(feature: Feature): Row {
  const coordinates = feature.geometry?.type === "Point" ? feature.geometry.coordinates : null;
  if (!Array.isArray(coordinates)) return { ...feature.properties };
  const [longitude, latitude, altitude] = coordinates as readonly unknown[];
  const place = { longitude, latitude };
  // The third coordinate is a height by the standard; quake feeds write the depth of the focus there.
  return { ...feature.properties, ...place, ...(altitude === undefined ? {} : { depth: altitude }) };
}
