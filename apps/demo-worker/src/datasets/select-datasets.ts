import type { Dataset } from "./dataset.ts";
import { datasets } from "./dataset-list.ts";

/** The datasets of a list of names, in their usual order; all of them without a list; what is wrong with the list. */
export function selectDatasets(list: string | undefined): readonly Dataset[] | string {
  if (list === undefined) return datasets;
  const names = list.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !datasets.some((dataset) => dataset.name === name));
  if (unknown === undefined) return datasets.filter(({ name }) => names.includes(name));
  return `There is no dataset “${unknown}”. There are: ${datasets.map(({ name }) => name).join(", ")}.`;
}
