import { fileURLToPath } from "node:url";

/** Where a file of the installed `vega-datasets` package lies. The data folder stands beside the package's build. */
export function locateDatasetFile(file: string): string {
  return fileURLToPath(new URL(`../data/${file}`, import.meta.resolve("vega-datasets")));
}
