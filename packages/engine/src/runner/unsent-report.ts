import type { Lease, LeasedReport, NewStep, ProgressPatch, RunReport } from "@millrace/models";

/** What a run has said and the store has not been told. */
export interface UnsentReport {
  started: boolean;
  alive: boolean;
  progress: ProgressPatch | null;
  steps: NewStep[] | null;
  /** Who wants to know whether the store took it. */
  waiters: ((held: boolean) => void)[] | null;
}

/** Makes one that says nothing yet. */
export function emptyReport(): UnsentReport {
  return { started: false, alive: false, progress: null, steps: null, waiters: null };
}

/** Folds a report into what waits, so that the one call says what all of them said in their order. */
export function foldReport(unsent: UnsentReport, report: RunReport): void {
  if (report.started) unsent.started = true;
  if (report.alive) unsent.alive = true;
  for (const step of report.steps ?? []) {
    (unsent.steps ??= []).push(step);
    // The store applies steps first, then progress: a later step's percent must not be undone by an earlier progress.
    if (step.percent !== null && unsent.progress?.percent !== undefined) {
      unsent.progress = { ...unsent.progress, percent: step.percent };
    }
  }
  if (report.progress) unsent.progress = { ...unsent.progress, ...report.progress };
}

/** What the store is told. */
export function reportOf(lease: Lease, unsent: UnsentReport): LeasedReport {
  return {
    ...lease,
    ...(unsent.started ? { started: true as const } : {}),
    ...(unsent.progress ? { progress: unsent.progress } : {}),
    ...(unsent.steps ? { steps: unsent.steps } : {}),
    ...(unsent.alive ? { alive: true as const } : {}),
  };
}

/** About how large a report is on its way; exactness is not worth writing it twice. */
export function sizeOfReport(report: RunReport): number {
  let size = 64;
  for (const step of report.steps ?? []) size += 96 + step.message.length + metaSize(step.meta);
  if (report.progress) size += 32 + (report.progress.label?.length ?? 0) + metaSize(report.progress.meta);
  return size;
}

function metaSize(meta: unknown): number {
  return meta === undefined || meta === null ? 0 : JSON.stringify(meta).length;
}
