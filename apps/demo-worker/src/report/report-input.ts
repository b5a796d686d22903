import type { DatasetFailure, DatasetResult } from "../results/dataset-result.ts";

/** Everything a report tells. */
export interface ReportInput {
  readonly runId: string;
  /** When the run was asked for. Epoch milliseconds. */
  readonly startedAt: number;
  readonly finishedAt: number;
  /** In the order in which they are shown. */
  readonly results: readonly DatasetResult[];
  readonly failures: readonly DatasetFailure[];
}
