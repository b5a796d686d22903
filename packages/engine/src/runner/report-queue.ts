import {
  PlacedList,
  type CancelTimer,
  type Clock,
  type LeaseAnswer,
  type LeasedReport,
  type RunReport,
  type TaskStore,
} from "@millrace/models";
import type { MaybeAsync } from "../client/maybe-async.ts";
import { pause } from "./pause.ts";
import type { HeldTask } from "./running-tasks.ts";
import type { StoreTrouble } from "./store-trouble.ts";
import { emptyReport, foldReport, reportOf, sizeOfReport, type UnsentReport } from "./unsent-report.ts";

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

interface Leaving {
  readonly task: HeldTask;
  readonly unsent: UnsentReport;
}

/** Makes the queue: latest progress wins, steps keep their order, one call is in flight at a time. */
export function createReportQueue(ports: ReportQueuePorts): ReportQueue {
  const closing = new AbortController();
  /** Tasks with a report under way: their settlement must not overtake it. */
  const sending = new Set<HeldTask>();
  let pending = new PlacedList<HeldTask>();
  let inFlight: Promise<void> | null = null;
  let cancelTimer: CancelTimer | null = null;
  let bytes = 0;
  let steps = 0;

  const takeAll = (): readonly Leaving[] => {
    const batch = pending.values().flatMap((task) => (task.unsent ? [{ task, unsent: task.unsent }] : []));
    for (const { task } of batch) task.unsent = null;
    pending = new PlacedList();
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

  const unsentOf = (task: HeldTask): UnsentReport => {
    if (task.unsent) return task.unsent;
    pending.add(task);
    task.unsent = emptyReport();
    return task.unsent;
  };

  const isUnsent = (task: HeldTask): boolean => !closing.signal.aborted && (task.unsent !== null || sending.has(task));

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
      const unsent = unsentOf(task);
      foldReport(unsent, report);
      bytes += sizeOfReport(report);
      steps += report.steps?.length ?? 0;
      schedule();
      // Who has only started has nobody waiting: the executor says it on the way.
      if (isStart(report)) return said;
      return new Promise<boolean>((resolve) => void (unsent.waiters ??= []).push(resolve));
    },
    drain(task) {
      const { unsent } = task;
      if (unsent && !unsent.progress && unsent.steps === null) {
        // The settlement says `started` itself, and is a sign of life.
        pending.delete(task);
        task.unsent = null;
        for (const resolve of unsent.waiters ?? []) resolve(true);
      }
      return isUnsent(task) ? sendAllOf(task) : undefined;
    },
    close() {
      closing.abort();
      for (const { unsent } of takeAll()) for (const resolve of unsent.waiters ?? []) resolve(false);
    },
  };
}

async function sendReports(batch: readonly Leaving[], ports: ReportQueuePorts, closed: AbortSignal): Promise<void> {
  const reports = batch.map(({ task, unsent }) => reportOf(task.lease, unsent));
  const answers = await answersOf(reports, ports, closed);
  for (const [index, { task, unsent }] of batch.entries()) {
    const answer = answers?.[index];
    const sent = reports[index];
    if (answer && sent) ports.onAnswer(task, sent, answer);
    for (const resolve of unsent.waiters ?? []) resolve(answer !== undefined && answer.status !== "lost");
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
