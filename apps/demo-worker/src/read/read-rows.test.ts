import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { DatasetFormat } from "../datasets/dataset.ts";
import { locateDatasetFile } from "../datasets/locate-dataset.ts";
import { scratchFolder } from "../files/scratch-folder.ts";
import { DamagedFileError } from "./damaged-file-error.ts";
import { readRows } from "./read-rows.ts";
import type { Row } from "./row-source.ts";

interface Reading {
  readonly rows: readonly Row[];
  readonly error: unknown;
}

async function readText(text: string, format: DatasetFormat): Promise<Reading> {
  using folder = scratchFolder();
  const path = folder.file(`sample.${format}`);
  writeFileSync(path, text);
  const rows: Row[] = [];
  try {
    for await (const row of await readRows({ path, format, signal: new AbortController().signal })) rows.push(row);
    return { rows, error: null };
  } catch (error) {
    return { rows, error };
  }
}

async function damageOf(text: string, format: DatasetFormat): Promise<DamagedFileError["details"]> {
  const { error } = await readText(text, format);
  expect(error).toBeInstanceOf(DamagedFileError);
  return (error as DamagedFileError).details;
}

describe("reading rows", () => {
  it("gives CSV values as text under the names of the first line", async () => {
    const { rows } = await readText('\uFEFFname,"full, name",\nA,"x ""y""",1\n\nB,,2\n', "csv");
    expect(rows).toEqual([
      { name: "A", "full, name": 'x "y"', "column 3": "1" },
      { name: "B", "full, name": "", "column 3": "2" },
    ]);
  });

  it("splits TSV at tabs", async () => {
    expect((await readText("id\trate\n1001\t.097\n", "tsv")).rows).toEqual([{ id: "1001", rate: ".097" }]);
  });

  it("gives JSON elements with their own types", async () => {
    const { rows } = await readText('[{"a":1,"b":null},{"a":"x"},7]', "json");
    expect(rows).toEqual([{ a: 1, b: null }, { a: "x" }, { value: 7 }]);
  });

  it("puts the place of a GeoJSON point beside its properties", async () => {
    const point = '{"type":"Feature","properties":{"mag":2},"geometry":{"type":"Point","coordinates":[-118.6,34.5,9]}}';
    const { rows } = await readText(`{"type":"FeatureCollection","bbox":[[1]],"features":[${point}]}`, "geojson");
    expect(rows).toEqual([{ mag: 2, longitude: -118.6, latitude: 34.5, depth: 9 }]);
  });

  it("reads a real file to its last byte and says so", async () => {
    const path = locateDatasetFile("cars.json");
    const source = await readRows({ path, format: "json", signal: new AbortController().signal });
    let count = 0;
    for await (const row of source) count += "Name" in row ? 1 : 0;
    expect(count).toBe(406);
    expect(source.bytesRead()).toBe(source.totalBytes);
  });

  it("stops with the reason of an abort", async () => {
    const abort = new AbortController();
    const source = await readRows({ path: locateDatasetFile("zipcodes.csv"), format: "csv", signal: abort.signal });
    const reading = (async () => {
      for await (const _row of source) abort.abort(new Error("stop"));
    })();
    await expect(reading).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("a damaged file", () => {
  it("names row and line of a CSV row that is too short", async () => {
    expect(await damageOf("a,b,c\n1,2,3\n4,5\n6,7,8\n", "csv")).toMatchObject({
      file: "sample.csv",
      row: 2,
      line: 3,
      byte: 16,
      problem: "the row has 2 values, not one for each column",
    });
  });

  it("tells a quote that is never closed", async () => {
    const details = await damageOf('a,b\n1,2\n3,"4\n5,6\n', "csv");
    expect(details).toMatchObject({ row: 2, problem: "a quoted value is opened and never closed" });
  });

  it("tells that a JSON file was cut off, and in which row", async () => {
    const details = await damageOf('[\n{"a":"é, [1]"},\n{"a":{"b":2}},\n{"a":3', "json");
    expect(details).toMatchObject({
      row: 3,
      line: 4,
      byte: 40,
      problem: expect.stringContaining("ends in the middle"),
    });
    expect(details.excerpt).toContain('{"a":3');
  });

  it("tells where JSON has a fault inside", async () => {
    const details = await damageOf('[{"a":"€𝄞"},\n{"a":2,,"b":3}]', "json");
    expect(details).toMatchObject({ row: 2, line: 2, byte: 25, problem: "it is no JSON: expected an object key" });
  });

  it("counts the features of a cut GeoJSON file, not its other values", async () => {
    const feature = '{"type":"Feature","properties":{"m":1},"geometry":null}';
    const details = await damageOf(`{"metadata":{"x":{}},"features":[${feature},${feature},{"typ`, "geojson");
    expect(details.row).toBe(3);
  });

  it("leaves a missing file to be the missing file it is", async () => {
    const request = {
      path: locateDatasetFile("nothing.csv"),
      format: "csv",
      signal: new AbortController().signal,
    } as const;
    await expect(readRows(request)).rejects.toMatchObject({ code: "ENOENT" });
  });
});
