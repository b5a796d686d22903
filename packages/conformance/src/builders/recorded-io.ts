import type { LogLine, RunAnswer, RunIo, RunQuestion, RunReport, TaskAbortReason } from "@millrace/models";

/** A host's side that remembers all it hears, each with the position of its run. */
export interface RecordedIo extends RunIo {
  readonly reports: readonly { readonly i: number; readonly report: RunReport }[];
  readonly questions: readonly { readonly i: number; readonly question: RunQuestion }[];
  readonly lines: readonly { readonly i: number; readonly line: LogLine }[];
  abort(i: number, reason: TaskAbortReason): void;
  /** Settles once the handler of that position has logged this very message. */
  logged(message: string): Promise<void>;
}

/** What a recorded host answers. */
export interface RecordedAnswers {
  /** @defaultValue the lease is held */
  readonly report?: (report: RunReport, i: number) => boolean;
  /** @defaultValue `done` */
  readonly ask?: (question: RunQuestion, i: number) => RunAnswer;
}

/** Makes a recorded host for so many runs. */
export function recordedIo(runs = 1, answers: RecordedAnswers = {}): RecordedIo {
  const controllers = Array.from({ length: runs }, () => new AbortController());
  const reports: { readonly i: number; readonly report: RunReport }[] = [];
  const questions: { readonly i: number; readonly question: RunQuestion }[] = [];
  const lines: { readonly i: number; readonly line: LogLine }[] = [];
  const waiting: { readonly message: string; readonly resolve: () => void }[] = [];
  return {
    reports,
    questions,
    lines,
    signal: (i) => controllers[i]?.signal ?? AbortSignal.abort(),
    report(i, report) {
      reports.push({ i, report });
      return Promise.resolve(answers.report?.(report, i) ?? true);
    },
    ask(i, question) {
      questions.push({ i, question });
      return Promise.resolve(answers.ask?.(question, i) ?? { type: "done" });
    },
    log(i, line) {
      lines.push({ i, line });
      for (const one of waiting) if (one.message === line.message) one.resolve();
    },
    abort: (i, reason) => controllers[i]?.abort(reason),
    logged(message) {
      if (lines.some(({ line }) => line.message === message)) return Promise.resolve();
      return new Promise((resolve) => void waiting.push({ message, resolve }));
    },
  };
}
