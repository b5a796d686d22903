import type {
  CancelTimer,
  Clock,
  LeaseAnswer,
  LeasedReport,
  NewStep,
  ProgressPatch,
  RunReport,
  TaskStore,
} from "@millrace/models";
import type { MaybeAsync } from "../client/maybe-async.ts";
import { pause } from "./pause.ts";
import type { HeldTask } from "./running-tasks.ts";
import type { StoreTrouble } from "./store-trouble.ts";

/** How long a report may wait for company. */
const flushAfterMs = 50;
/** How much may wait: beyond either, it leaves at once. */
const flushAtBytes = 65_536;
const flushAtSteps = 1_000;

/** Tells the store what handlers say, many tasks in one call. */
export interface ReportQueue {
  /** `true` once stored, `false` when the lease is lost. Never rejects. */
  add(task: HeldTask, report: RunReport): Promise<boolean>;
  /**
   * Sends what this task still has to say, and ends when that is answered. A `started` with nothing beside it is taken back instead:
   * the settlement tells it. Call it before settling.
   */
  drain(task: HeldTask): MaybeAsync<void>;
  /** Answers `false` to all that the store has not taken. */
  close(): void;
}

export interface ReportQueuePorts {
  readonly store: Pick<TaskStore, "report">;
  readonly clock: Clock;
  readonly trouble: StoreTrouble;
  /** Hears of each answered report. */
  readonly onAnswer: (task: HeldTask, sent: LeasedReport, answer: LeaseAnswer) => void;
}

interface Pending {
  readonly task: HeldTask;
  started: boolean;
  alive: boolean;
  progress: ProgressPatch | null;
  steps: NewStep[] | null;
  waiters: ((held: boolean) => void)[] | null;
}

/** Makes the queue: latest progress wins, steps keep their order, one call is in flight at a time. */
export function createReportQueue(ports: ReportQueuePorts): ReportQueue {
  const closing = new AbortController();
  /** Tasks with a report under way: their settlement must not overtake it. */
  const sending = new Set<HeldTask>();
  let pending = new Map<HeldTask, Pending>();
  let inFlight: Promise<void> | null = null;
  let cancelTimer: CancelTimer | null = null;
  let bytes = 0;
  let steps = 0;

  const takeAll = (): readonly Pending[] => {
    const batch = [...pending.values()];
    pending = new Map();
    bytes = 0;
    steps = 0;
    cancelTimer?.();
    cancelTimer = null;
    return batch;
  };

  const flush = (): Promise<void> => {
    inFlight ??= flushAll().finally(() => {
      inFlight = null;
      // What came while the call was under way has waited long enough to be counted from now.
      if (pending.size > 0) schedule();
    });
    return inFlight;
  };

  const flushAll = async (): Promise<void> => {
    const batch = takeAll();
    for (const entry of batch) sending.add(entry.task);
    if (batch.length > 0) await sendReports(batch, ports, closing.signal);
    for (const entry of batch) sending.delete(entry.task);
  };

  const isUnsent = (task: HeldTask): boolean => !closing.signal.aborted && (pending.has(task) || sending.has(task));

  const sendAllOf = async (task: HeldTask): Promise<void> => {
    while (isUnsent(task)) await flush();
  };

  const schedule = (): void => {
    if (inFlight !== null) return;
    if (bytes >= flushAtBytes || steps >= flushAtSteps) {
      void flush();
      return;
    }
    cancelTimer ??= ports.clock.after(flushAfterMs, () => {
      cancelTimer = null;
      void flush();
    });
  };

  return {
    add(task, report) {
      if (closing.signal.aborted || task.lost) return Promise.resolve(false);
      const entry = pending.get(task) ?? newPending(task);
      pending.set(task, entry);
      fold(entry, report);
      bytes += sizeOf(report);
      steps += report.steps?.length ?? 0;
      schedule();
      // Who has only started has nobody waiting: the executor says it on the way.
      if (isStart(report)) return said;
      return new Promise<boolean>((resolve) => void (entry.waiters ??= []).push(resolve));
    },
    drain(task) {
      const entry = pending.get(task);
      if (entry && !entry.progress && entry.steps === null) {
        // The settlement says `started` itself, and is a sign of life.
        pending.delete(task);
        for (const resolve of entry.waiters ?? []) resolve(true);
      }
      return isUnsent(task) ? sendAllOf(task) : undefined;
    },
    close() {
      closing.abort();
      for (const entry of takeAll()) for (const resolve of entry.waiters ?? []) resolve(false);
    },
  };
}

async function sendReports(batch: readonly Pending[], ports: ReportQueuePorts, closed: AbortSignal): Promise<void> {
  const reports = batch.map(reportOf);
  const answers = await answersOf(reports, ports, closed);
  for (const [index, entry] of batch.entries()) {
    const answer = answers?.[index];
    const sent = reports[index];
    if (answer && sent) ports.onAnswer(entry.task, sent, answer);
    for (const resolve of entry.waiters ?? []) resolve(answer !== undefined && answer.status !== "lost");
  }
}

/** Tries until the store answers; a repeated report adds nothing. Null when the queue was closed meanwhile. */
async function answersOf(
  reports: readonly LeasedReport[],
  { store, clock, trouble }: ReportQueuePorts,
  closed: AbortSignal,
): Promise<readonly LeaseAnswer[] | null> {
  while (!closed.aborted) {
    try {
      const answers = await store.report(reports);
      trouble.answered();
      return answers;
    } catch (error) {
      await pause(clock, trouble.failed(error), closed);
    }
  }
  return null;
}

const said = Promise.resolve(true);

function isStart(report: RunReport): boolean {
  return report.started === true && !report.progress && !report.steps && !report.alive;
}

function newPending(task: HeldTask): Pending {
  return { task, started: false, alive: false, progress: null, steps: null, waiters: null };
}

/** Folds a report into what waits, so that the one call says what all of them said in their order. */
function fold(entry: Pending, report: RunReport): void {
  if (report.started) entry.started = true;
  if (report.alive) entry.alive = true;
  for (const step of report.steps ?? []) {
    (entry.steps ??= []).push(step);
    // The store applies steps first, then progress: a later step's percent must not be undone by an earlier progress.
    if (step.percent !== null && entry.progress?.percent !== undefined) {
      entry.progress = { ...entry.progress, percent: step.percent };
    }
  }
  if (report.progress) entry.progress = { ...entry.progress, ...report.progress };
}

function reportOf(entry: Pending): LeasedReport {
  return {
    ...entry.task.lease,
    ...(entry.started ? { started: true as const } : {}),
    ...(entry.progress ? { progress: entry.progress } : {}),
    ...(entry.steps ? { steps: entry.steps } : {}),
    ...(entry.alive ? { alive: true as const } : {}),
  };
}

/** About how large a report is on its way; exactness is not worth writing it twice. */
function sizeOf(report: RunReport): number {
  let size = 64;
  for (const step of report.steps ?? []) size += 96 + step.message.length + metaSize(step.meta);
  if (report.progress) size += 32 + (report.progress.label?.length ?? 0) + metaSize(report.progress.meta);
  return size;
}

function metaSize(meta: unknown): number {
  return meta === undefined || meta === null ? 0 : JSON.stringify(meta).length;
}
