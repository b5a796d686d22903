import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TaskId } from "@millrace/models";
import type { Dataset } from "../datasets/dataset.ts";
import { readJsonFile } from "../files/read-json-file.ts";
import { writeAtomically } from "../files/write-atomically.ts";
import { runFiles, type RunFiles } from "../results/run-files.ts";
import { runIdAt, type RunRecord } from "./run-record.ts";

export interface OpenRunRequest {
  /** The folder of all runs. */
  readonly folder: string;
  readonly datasets: readonly Dataset[];
  /** Starts a new run even when the last one has not come to its end. */
  readonly isFresh: boolean;
  readonly now: number;
  readonly createId: () => TaskId;
}

export interface OpenedRun {
  readonly record: RunRecord;
  readonly files: RunFiles;
  /** Whether an earlier process began it. */
  readonly isContinued: boolean;
}

/** Goes on with the last run when it has no report yet, else begins a new one. */
export async function openRun(request: OpenRunRequest): Promise<OpenedRun> {
  const latest = join(request.folder, "latest.json");
  const known = request.isFresh ? null : await readJsonFile<RunRecord>(latest);
  if (known !== null && coversAll(known, request.datasets)) {
    const files = filesOf(known, request.folder);
    if (!existsSync(files.report)) return { record: known, files, isContinued: true };
  }
  const record = newRecord(request);
  await writeAtomically(latest, JSON.stringify(record));
  return { record, files: filesOf(record, request.folder), isContinued: false };
}

function filesOf({ runId }: RunRecord, folder: string): RunFiles {
  return runFiles(join(folder, runId));
}

/** A run begun by another version of the demo, with other datasets, cannot be gone on with. */
function coversAll({ taskIds }: RunRecord, datasets: readonly Dataset[]): boolean {
  return datasets.length === Object.keys(taskIds).length && datasets.every(({ name }) => name in taskIds);
}

function newRecord({ datasets, now, createId }: OpenRunRequest): RunRecord {
  return {
    runId: runIdAt(now),
    startedAt: now,
    taskIds: Object.fromEntries(datasets.map(({ name }) => [name, createId()])),
    reportTaskId: createId(),
  };
}
