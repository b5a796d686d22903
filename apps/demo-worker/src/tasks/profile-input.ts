import type { Dataset } from "../datasets/dataset.ts";

/** What a profile task is asked to do. */
export interface ProfileInput {
  readonly dataset: Dataset;
  /** The file to read. */
  readonly path: string;
  /** Where the run keeps its files. */
  readonly folder: string;
}
