import { join } from "node:path";

/** Where everything of one run lies. */
export interface RunFiles {
  readonly folder: string;
  /** The published report. */
  readonly report: string;
  /** The damaged copy of a dataset. */
  input(file: string): string;
  result(dataset: string): string;
  attempts(dataset: string): string;
}

export function runFiles(folder: string): RunFiles {
  return {
    folder,
    report: join(folder, "report.html"),
    input: (file) => join(folder, "input", file),
    result: (dataset) => join(folder, "profiles", `${dataset}.json`),
    attempts: (dataset) => join(folder, "attempts", `${dataset}.json`),
  };
}
