import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { scratchFolder } from "../files/scratch-folder.ts";
import { damageDataset } from "./damage-dataset.ts";
import { datasets } from "./dataset-list.ts";
import { locateDatasetFile } from "./locate-dataset.ts";
import { selectDatasets } from "./select-datasets.ts";

it("names only files that the installed package has", () => {
  expect(datasets.filter((dataset) => !existsSync(locateDatasetFile(dataset.file)))).toEqual([]);
});

it("has names that are safe in file names and unlike each other", () => {
  const names = datasets.map((dataset) => dataset.name);
  expect(names.filter((name) => !/^[a-z0-9-]+$/.test(name))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});

it("keeps exactly the asked share of a damaged copy", async () => {
  using folder = scratchFolder();
  const from = locateDatasetFile("cars.json");
  const to = folder.file("deep/cars.json");
  await damageDataset({ from, to, keepShare: 0.5 });
  const [whole, half] = await Promise.all([readFile(from), readFile(to)]);
  expect(half.equals(whole.subarray(0, Math.floor(whole.length / 2)))).toBe(true);
});

it("selects by name, in the usual order, and says which name is unknown", () => {
  expect(selectDatasets(undefined)).toBe(datasets);
  expect(selectDatasets("co2, cars")).toMatchObject([{ name: "cars" }, { name: "co2" }]);
  expect(selectDatasets("cars,vans")).toContain("no dataset “vans”");
});
