import type { Chart } from "../charts/chart-plan.ts";
import type { Dataset } from "../datasets/dataset.ts";
import type { DatasetProfile } from "../profile/dataset-profile.ts";
import type { DamageDetails } from "../read/damaged-file-error.ts";

/** All that a finished profile task leaves behind; written as one JSON file. */
export interface DatasetResult {
  readonly dataset: Dataset;
  readonly bytes: number;
  /** Epoch milliseconds, of the attempt that succeeded. */
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly attempt: number;
  readonly profile: DatasetProfile;
  readonly charts: readonly Chart[];
}

/** One attempt that ended in an error. */
export interface FailedAttempt {
  readonly attempt: number;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly message: string;
  /** Where the file is broken, when that is the reason. */
  readonly damage: DamageDetails | null;
}

/** A dataset without a result. */
export interface DatasetFailure {
  readonly dataset: Dataset;
  /** Why there is no result, in one sentence. */
  readonly reason: string;
  /** Oldest first. Empty when its process died before it could write one down. */
  readonly attempts: readonly FailedAttempt[];
}

/** The small JSON that a profile task returns: headline numbers, and where the heavy data lies. */
export interface ProfileOutput {
  readonly path: string;
  readonly rows: number;
  readonly columns: number;
  readonly bytes: number;
  readonly charts: number;
}

/** The output that belongs to a result file. */
export function outputOf(path: string, { profile, bytes, charts }: DatasetResult): ProfileOutput {
  return { path, rows: profile.rows, columns: profile.columns.length, bytes, charts: charts.length };
}
