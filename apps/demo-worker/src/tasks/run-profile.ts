import type { TaskContext } from "@millrace/models";
import { renderCharts } from "../charts/render-charts.ts";
import { readJsonFile } from "../files/read-json-file.ts";
import { writeAtomically } from "../files/write-atomically.ts";
import { formatBytes, formatCount } from "../format/format-number.ts";
import { DamagedFileError } from "../read/damaged-file-error.ts";
import { outputOf, type DatasetResult, type FailedAttempt, type ProfileOutput } from "../results/dataset-result.ts";
import { runFiles } from "../results/run-files.ts";
import { profileFile, type ReadingListener } from "./profile-file.ts";
import type { ProfileInput } from "./profile-input.ts";

/** The part of a task's context that profiling needs. */
export type ProfileContext = Pick<TaskContext, "appendStep" | "setProgress" | "signal"> & {
  readonly task: Pick<TaskContext["task"], "attempt">;
};

/** Share of the bar that the reading takes; drawing and writing take the rest. */
const readingPercent = 88;

/**
 * Profiles one dataset and writes the result as one file. Progress and steps are told, not waited for: they reach the
 * store in batches, and the work need not stand still for them. A result that an earlier attempt has already written is
 * taken as it is: a host that was killed between the writing and the settling costs nothing twice.
 */
export async function runProfile(input: ProfileInput, context: ProfileContext): Promise<ProfileOutput> {
  const files = runFiles(input.folder);
  const path = files.result(input.dataset.name);
  const earlier = await readJsonFile<DatasetResult>(path);
  if (earlier !== null) {
    void context.appendStep({ message: "An earlier attempt has written the result already; nothing to do" });
    return outputOf(path, earlier);
  }
  const result = await makeResult(input, context);
  await writeAtomically(path, JSON.stringify(result));
  void context.appendStep({ message: `Wrote the profile with ${String(result.charts.length)} charts` });
  void context.setProgress({ percent: 100, label: `${formatCount(result.profile.rows)} rows` });
  return outputOf(path, result);
}

async function makeResult(input: ProfileInput, context: ProfileContext): Promise<DatasetResult> {
  const { dataset } = input;
  const { attempt } = context.task;
  const startedAt = Date.now();
  const onProgress: ReadingListener = ({ rows, share }) => {
    void context.setProgress({ percent: Math.floor(share * readingPercent), label: rowsLabel(rows), meta: { rows } });
  };
  try {
    void context.appendStep({ message: `Reading ${dataset.file} as ${dataset.format}` });
    const { profile, bytes } = await profileFile(input, context.signal, onProgress);
    const read = `${formatCount(profile.rows)} rows in ${String(profile.columns.length)} columns`;
    void context.appendStep({ message: `Read ${read} (${formatBytes(bytes)})`, meta: { rows: profile.rows } });
    void context.setProgress({ percent: readingPercent, label: "drawing charts" });
    const charts = await renderCharts(profile, dataset.favourites);
    void context.setProgress({ percent: 97, label: "writing the profile" });
    return { dataset, bytes, startedAt, finishedAt: Date.now(), attempt, profile, charts };
  } catch (error) {
    if (context.signal.aborted) throw error;
    await rememberFailure(input, { attempt, startedAt, finishedAt: Date.now(), ...wordsOf(error) });
    throw error;
  }
}

function rowsLabel(rows: number): string {
  return `${formatCount(rows)} rows`;
}

/** Keeps what went wrong beside what went wrong before, so that the report can tell every attempt. */
async function rememberFailure({ dataset, folder }: ProfileInput, failed: FailedAttempt): Promise<void> {
  const path = runFiles(folder).attempts(dataset.name);
  const earlier = (await readJsonFile<readonly FailedAttempt[]>(path)) ?? [];
  const others = earlier.filter(({ attempt }) => attempt !== failed.attempt);
  await writeAtomically(path, JSON.stringify([...others, failed]));
}

function wordsOf(error: unknown): Pick<FailedAttempt, "message" | "damage"> {
  return {
    message: error instanceof Error ? error.message : String(error),
    damage: error instanceof DamagedFileError ? error.details : null,
  };
}
