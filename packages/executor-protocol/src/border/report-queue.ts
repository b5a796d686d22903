import type { NewStep, ProgressPatch, RunReport } from "@millrace/models";

/** Sends one merged report; the answer tells whether the lease is still held. */
export type SendReport = (report: RunReport) => Promise<boolean>;

/** What one run says, one message at a time: what is said while a message is unanswered travels in the next. */
export interface ReportQueue {
  add(report: RunReport): Promise<boolean>;
  /** Sends what is left at once: the run is over. */
  drain(): void;
}

const maxReportsAMessage = 1_000;
/** A handler that says more without ever waiting would fill the memory: what comes beyond is lost, and answered `false`. */
const maxWaiting = 100_000;

interface Waiting {
  readonly report: RunReport;
  readonly resolve: (held: boolean) => void;
}

/** Makes the queue of one run. `onOverflow` is called once, when the first report is lost. */
export function createReportQueue(send: SendReport, onOverflow: () => void): ReportQueue {
  let waiting: Waiting[] = [];
  let isUnanswered = false;
  let hasOverflowed = false;

  const flush = async (): Promise<void> => {
    if (isUnanswered || waiting.length === 0) return;
    isUnanswered = true;
    await sendNext();
    isUnanswered = false;
    void flush();
  };
  const sendNext = async (): Promise<void> => {
    const part = waiting.slice(0, maxReportsAMessage);
    waiting = waiting.slice(maxReportsAMessage);
    const held = await send(mergeReports(part.map(({ report }) => report)));
    for (const { resolve } of part) resolve(held);
  };

  return {
    add(report) {
      if (waiting.length >= maxWaiting) {
        if (!hasOverflowed) onOverflow();
        hasOverflowed = true;
        return Promise.resolve(false);
      }
      return new Promise((resolve) => {
        waiting.push({ report, resolve });
        void flush();
      });
    },
    drain() {
      while (waiting.length > 0) void sendNext();
    },
  };
}

/** One report that says what all of them said: the last progress, every step in order. */
function mergeReports(reports: readonly RunReport[]): RunReport {
  let progress: ProgressPatch | undefined;
  const steps: NewStep[] = [];
  let started = false;
  let alive = false;
  for (const report of reports) {
    started ||= report.started === true;
    alive ||= report.alive === true;
    for (const step of report.steps ?? []) {
      steps.push(step);
      // A store applies steps before progress: an older percent must not win over a younger step's.
      if (step.percent !== null && progress?.percent !== undefined) progress = { ...progress, percent: step.percent };
    }
    if (report.progress) progress = { ...progress, ...report.progress };
  }
  return {
    ...(started ? { started } : {}),
    ...(progress ? { progress } : {}),
    ...(steps.length > 0 ? { steps } : {}),
    ...(alive ? { alive } : {}),
  };
}
