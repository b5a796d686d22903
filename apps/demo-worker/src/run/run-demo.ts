import { existsSync } from "node:fs";
import { relative } from "node:path";
import { createTaskId, type TaskClient, type TaskSnapshot } from "@millrace/models";
import { damageDataset } from "../datasets/damage-dataset.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { locateDatasetFile } from "../datasets/locate-dataset.ts";
import type { RunFiles } from "../results/run-files.ts";
import { profileTask } from "../tasks/profile-task.ts";
import type { Terminal } from "../terminal/create-terminal.ts";
import { openRun, type OpenedRun } from "./open-run.ts";
import { planRun } from "./plan-run.ts";
import { toProgressModel } from "./to-progress-model.ts";
import { toSummary } from "./to-summary.ts";
import { watchRun } from "./watch-run.ts";

/** The part of a host that the demo uses. */
export interface DemoHost extends Pick<TaskClient, "enqueueMany" | "listSnapshots"> {
  start(): Promise<void>;
}

export interface DemoRequest {
  readonly host: DemoHost;
  readonly terminal: Terminal;
  /** Where runs are kept. */
  readonly folder: string;
  readonly datasets: readonly Dataset[];
  /** Begins anew even when the last run has not come to its end. */
  readonly isFresh: boolean;
  /** Ends the watching; what is unfinished stays in the store. */
  readonly signal: AbortSignal;
  /** Is called once all tasks are enqueued. */
  readonly onStarted?: (startedAt: number) => void;
}

/** How a run ended: with a report, without one, or before its end. */
export type DemoEnd = "published" | "failed" | "stopped";

const pictureMs = 100;

/** Begins a run or goes on with the last one, shows it until its end, and says where the report lies. */
export async function runDemo(request: DemoRequest): Promise<DemoEnd> {
  const { host, terminal, folder, datasets, isFresh, signal } = request;
  const run = await openRun({ folder, datasets, isFresh, now: Date.now(), createId: () => createTaskId() });
  if (run.isContinued) terminal.say(`Going on with run ${run.record.runId}, which had no report yet.`);
  await damageCopies(datasets, run.files);
  await host.start();
  await host.enqueueMany(planRun({ ...run, datasets }));
  request.onStarted?.(run.record.startedAt);
  const snapshots = await watchRun({
    client: host,
    taskIds: taskIdsOf(run, datasets),
    everyMs: pictureMs,
    signal,
    onPicture: (pictured) => terminal.show(modelOf(run, pictured), Date.now()),
  });
  return snapshots === null ? "stopped" : end(run, snapshots, terminal);
}

function taskIdsOf({ record }: OpenedRun, datasets: readonly Dataset[]): readonly string[] {
  return [...datasets.flatMap(({ name }) => record.taskIds[name] ?? []), record.reportTaskId];
}

/** Makes the copies that are meant to fail; one that is there already stays as it is. */
async function damageCopies(datasets: readonly Dataset[], files: RunFiles): Promise<void> {
  for (const { file, keepShare } of datasets) {
    const to = files.input(file);
    if (keepShare !== undefined && !existsSync(to))
      await damageDataset({ from: locateDatasetFile(file), to, keepShare });
  }
}

function modelOf({ record }: OpenedRun, snapshots: readonly TaskSnapshot[]): ReturnType<typeof toProgressModel> {
  const maxAttempts = profileTask.retry?.maxAttempts ?? 1;
  return toProgressModel({ title: "Millrace demo", startedAt: record.startedAt, maxAttempts, snapshots });
}

function end({ record, files }: OpenedRun, snapshots: readonly TaskSnapshot[], terminal: Terminal): DemoEnd {
  const report = snapshots.at(-1);
  const isPublished = report?.status === "succeeded";
  terminal.end(
    toSummary({
      snapshots: isPublished ? snapshots.slice(0, -1) : snapshots,
      tookMs: (report?.finishedAt ?? Date.now()) - record.startedAt,
      reportPath: isPublished ? relative(process.cwd(), files.report) : null,
    }),
  );
  return isPublished ? "published" : "failed";
}
