import {
  createTaskId,
  type HandlerRef,
  type LogLine,
  type RunAnswer,
  type RunIo,
  type RunQuestion,
  type RunReport,
  type TaskRun,
} from "@millrace/models";

/** A run for tests; what is not given is as plain as possible. */
export function aRun(fields: Partial<TaskRun> = {}): TaskRun {
  const id = createTaskId();
  const handler: HandlerRef = { type: "function", kind: "demo", run: () => null };
  return {
    handler,
    task: {
      id,
      tenantId: "",
      kind: "demo",
      kindVersion: 1,
      attempt: 1,
      maxAttempts: 3,
      failures: 0,
      stage: 0,
      priority: 0,
      metadata: {},
      channels: [],
      tags: [],
      dedupeKey: null,
      supersedeKey: null,
      rootId: id,
      parentId: null,
      flowId: null,
      createdAt: 0,
      scheduledAt: 0,
      traceParent: null,
    },
    input: undefined,
    state: null,
    wake: null,
    children: [],
    dependencies: [],
    context: {},
    logContext: {},
    timeoutMs: null,
    alone: false,
    mayHaveMemos: false,
    ...fields,
  };
}

/** A host's side that remembers all it hears, each with the position of its run. */
export interface RecordedIo extends RunIo {
  readonly controllers: readonly AbortController[];
  readonly reports: { readonly i: number; readonly report: RunReport }[];
  readonly questions: RunQuestion[];
  readonly lines: { readonly i: number; readonly line: LogLine }[];
}

/** What a recorded host answers; by default leases are held and questions done. */
export interface RecordedAnswers {
  readonly report?: (report: RunReport, i: number) => Promise<boolean>;
  readonly ask?: (question: RunQuestion, i: number) => Promise<RunAnswer>;
}

/** Makes a recorded host for so many runs. */
export function recordIo(runs = 1, answers: RecordedAnswers = {}): RecordedIo {
  const controllers = Array.from({ length: runs }, () => new AbortController());
  const recorded = { controllers, reports: [], questions: [], lines: [] } as Pick<
    RecordedIo,
    "controllers" | "reports" | "questions" | "lines"
  >;
  return {
    ...recorded,
    signal: (i) => controllers[i]?.signal ?? AbortSignal.abort(),
    report(i, report) {
      recorded.reports.push({ i, report });
      return answers.report?.(report, i) ?? Promise.resolve(true);
    },
    ask(i, question) {
      recorded.questions.push(question);
      return answers.ask?.(question, i) ?? Promise.resolve({ type: "done" });
    },
    log: (i, line) => void recorded.lines.push({ i, line }),
  };
}
