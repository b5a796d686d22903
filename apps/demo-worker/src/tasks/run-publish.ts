import type { TaskContext, WaitedTask } from "@millrace/models";
import type { Dataset } from "../datasets/dataset.ts";
import { readJsonFile } from "../files/read-json-file.ts";
import { writeAtomically } from "../files/write-atomically.ts";
import { loadReportStyle } from "../report/load-report-style.ts";
import { renderReport } from "../report/render-report.ts";
import type { DatasetFailure, DatasetResult, FailedAttempt } from "../results/dataset-result.ts";
import { runFiles, type RunFiles } from "../results/run-files.ts";

/** What the report task is asked to do. */
export interface PublishInput {
  readonly runId: string;
  readonly folder: string;
  readonly startedAt: number;
  /** In the order of the tasks that the report waited for. */
  readonly datasets: readonly Dataset[];
}

export interface PublishOutput {
  readonly path: string;
  readonly bytes: number;
  readonly finished: number;
  readonly failed: number;
}

/** The part of a task's context that publishing needs. */
export type PublishContext = Pick<TaskContext, "appendStep" | "dependencies" | "setProgress">;

/** Gathers what the dataset tasks left behind, the failed ones included, and writes the report. */
export async function runPublish(input: PublishInput, context: PublishContext): Promise<PublishOutput> {
  const files = runFiles(input.folder);
  const results: DatasetResult[] = [];
  const failures: DatasetFailure[] = [];
  for (const [index, dataset] of input.datasets.entries()) {
    const result = await readJsonFile<DatasetResult>(files.result(dataset.name));
    if (result === null) failures.push(await explain(dataset, files, context.dependencies[index]));
    else results.push(result);
    void context.setProgress({ percent: Math.round((80 * (index + 1)) / input.datasets.length), label: "gathering" });
  }
  void context.appendStep({
    message: `Gathered ${String(results.length)} profiles, ${String(failures.length)} failed`,
  });
  const { runId, startedAt } = input;
  const page = renderReport({ runId, startedAt, finishedAt: Date.now(), results, failures }, await loadReportStyle());
  await writeAtomically(files.report, page);
  void context.setProgress({ percent: 100, label: "published" });
  return { path: files.report, bytes: Buffer.byteLength(page), finished: results.length, failed: failures.length };
}

/** Why there is no result: what the attempts wrote down, else what the store knows of the task. */
async function explain(dataset: Dataset, files: RunFiles, task: WaitedTask | undefined): Promise<DatasetFailure> {
  const attempts = (await readJsonFile<readonly FailedAttempt[]>(files.attempts(dataset.name))) ?? [];
  const known = task?.failure?.message ?? attempts.at(-1)?.message;
  const silent = `The task ended as ${task?.status ?? "unknown"} without leaving a result.`;
  return { dataset, attempts, reason: known ?? silent };
}
