import type { EnqueueItem } from "@millrace/models";
import type { Dataset } from "../datasets/dataset.ts";
import { locateDatasetFile } from "../datasets/locate-dataset.ts";
import type { RunFiles } from "../results/run-files.ts";
import type { ProfileInput } from "../tasks/profile-input.ts";
import { profileTask } from "../tasks/profile-task.ts";
import { publishTask } from "../tasks/publish-task.ts";
import type { PublishInput } from "../tasks/run-publish.ts";
import type { RunRecord } from "./run-record.ts";

export interface RunPlan {
  readonly record: RunRecord;
  readonly files: RunFiles;
  readonly datasets: readonly Dataset[];
}

/**
 * The tasks of a run as one list for `enqueueMany`: a task a dataset, then the report, which waits until each of them
 * has ended, well or not. Ids and keys come from the record, so that the same plan sent twice is the same tasks.
 */
export function planRun({ record, files, datasets }: RunPlan): readonly EnqueueItem[] {
  const { runId, taskIds, reportTaskId, startedAt } = record;
  const profiles = datasets.map((dataset): EnqueueItem => {
    const input: ProfileInput = { dataset, folder: files.folder, path: pathOf(dataset, files) };
    return {
      task: profileTask,
      input,
      options: {
        ...idOption(taskIds[dataset.name]),
        dedupeKey: `demo:${runId}:${dataset.name}`,
        flowId: runId,
        tags: [`format:${dataset.format}`],
      },
    };
  });
  const input: PublishInput = { runId, startedAt, folder: files.folder, datasets };
  const waitFor = datasets.flatMap(({ name }) => {
    const taskId = taskIds[name];
    return taskId === undefined ? [] : [{ taskId, onFailure: "continue" as const }];
  });
  const options = { id: reportTaskId, dedupeKey: `demo:${runId}:report`, flowId: runId, waitFor };
  return [...profiles, { task: publishTask, input, options }];
}

function pathOf(dataset: Dataset, files: RunFiles): string {
  return dataset.keepShare === undefined ? locateDatasetFile(dataset.file) : files.input(dataset.file);
}

function idOption(id: string | undefined): { readonly id?: string } {
  return id === undefined ? {} : { id };
}
