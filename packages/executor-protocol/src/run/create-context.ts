import {
  TaskError,
  toTaskFailure,
  type Json,
  type Logger,
  type LogLine,
  type NewStep,
  type ProgressPatch,
  type StepInput,
  type TaskContext,
  type TaskInvocation,
} from "@millrace/models";
import { createOnce } from "./once-memo.ts";
import { plainInvocation } from "./plain-invocation.ts";
import { problemText, requireJson, toPlainJson } from "./plain-json.ts";
import { TimeUp } from "./run-outcome.ts";
import { ask, guarded, say, type RunSession } from "./run-session.ts";
import { waitCalls } from "./wait-calls.ts";

/** Builds what the handler of a run gets beside its input. */
export function createContext(session: RunSession): TaskContext {
  const { run, abort } = session;
  // Made when they are first used: most handlers need few of them, and this is made for every run.
  const log = lazily(() => createLog(session));
  const once = lazily(() => createOnce(session));
  const waits = lazily(() => waitCalls(session));
  return {
    task: run.task,
    get signal() {
      return abort.signal;
    },
    context: run.context,
    get log() {
      return log();
    },
    state: run.state,
    wake: run.wake,
    children: run.children,
    dependencies: run.dependencies,
    deadlineInMs: () => deadlineInMs(session),
    setProgress: (patch) => say(session, { progress: plainProgress(patch, log()) }),
    appendStep: (step) => appendStep(session, step, log()),
    heartbeat: () => say(session, { alive: true }),
    checkTimeout: () => checkTimeout(session),
    // The value was made by this very function or read from what it stored: the caller knows its type.
    once: <Result>(key: string, fn: () => Result | Promise<Result>) => guarded(once()(key, fn)) as Promise<Result>,
    enqueue: (invocation) => guarded(enqueue(session, invocation)),
    signalTask: (taskId, name, payload) => guarded(signalTask(session, taskId, [name, payload])),
    spawn: (children, options) => waits().spawn(children, options),
    sleep: (forMs, options) => waits().sleep(forMs, options),
    waitForSignal: (name, options) => waits().waitForSignal(name, options),
    suspend: (options) => waits().suspend(options),
    completeInTx: (tx, output) => guarded(completeInTx(session, tx, output)),
  };
}

function lazily<Made>(make: () => Made): () => Made {
  let made: { readonly value: Made } | null = null;
  return () => (made ??= { value: make() }).value;
}

/** Never negative; null without a timeout. */
function deadlineInMs(session: RunSession): number | null {
  const { timeoutMs } = session.run;
  return timeoutMs === null ? null : Math.max(0, session.startedAt + timeoutMs - performance.now());
}

function checkTimeout(session: RunSession): void {
  const aborted = session.abort.reason();
  if (aborted) throw aborted.value;
  if (deadlineInMs(session) === 0) {
    throw new TimeUp(`The attempt has run for its ${session.run.timeoutMs} ms.`);
  }
}

function createLog(session: RunSession): Logger {
  const { task, logContext } = session.run;
  const fixed = { taskId: task.id, kind: task.kind, attempt: task.attempt, ...logContext };
  const write =
    (level: LogLine["level"]) =>
    (message: string, fields?: Readonly<Record<string, unknown>>): void => {
      session.io.log(session.position, {
        level,
        message: shownText(message),
        fields: fields ? { ...fixed, ...fields } : fixed,
      });
    };
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}

// Progress and steps are for watching: a value that does not fit is told in the log and left out, the task goes on.
function plainProgress(patch: ProgressPatch, log: Logger): ProgressPatch {
  const percent = plainPercent(patch.percent, log);
  const meta = plainMeta(patch.meta, log);
  return {
    ...(percent === undefined ? {} : { percent }),
    ...(patch.label === undefined ? {} : { label: patch.label === null ? null : shownText(patch.label) }),
    ...(meta === undefined ? {} : { meta }),
  };
}

function appendStep(session: RunSession, step: StepInput, log: Logger): Promise<boolean> {
  if (session.over || session.control) return Promise.resolve(false);
  session.steps += 1;
  const row: NewStep = {
    n: session.steps,
    kind: shownText(step.kind ?? "step"),
    level: step.level ?? "info",
    message: shownText(step.message ?? step.label ?? "step"),
    meta: plainMeta(step.meta, log) ?? null,
    percent: plainPercent(step.percent ?? step.progressPercent, log) ?? null,
  };
  return say(session, { steps: [row] });
}

/** Handlers in plain JavaScript pass anything as a text. */
function shownText(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "number" ? String(value) : toTaskFailure(value).message;
}

function plainPercent(percent: unknown, log: Logger): number | null | undefined {
  if (percent === undefined || percent === null) return percent;
  if (typeof percent === "number" && !Number.isNaN(percent)) return Math.min(100, Math.max(0, percent));
  log.warn(`A percent must be a number from 0 to 100, got ${shownText(percent)}; it was left out.`);
  return undefined;
}

function plainMeta(meta: unknown, log: Logger): Json | undefined {
  if (meta === undefined) return undefined;
  const plain = toPlainJson(meta, "meta");
  if (plain.ok) return plain.json;
  log.warn(`A meta was left out: ${problemText(plain.problem)}.`);
  return undefined;
}

async function enqueue(session: RunSession, invocation: TaskInvocation): Promise<{ readonly taskId: string }> {
  const answer = await ask(session, { type: "enqueue", invocation: plainInvocation(invocation, "invocation") });
  if (answer.type === "enqueued") return { taskId: answer.taskId };
  throw new TaskError("INTERNAL", `The host answered an enqueue with "${answer.type}".`);
}

async function signalTask(
  session: RunSession,
  taskId: string,
  [name, payload]: readonly [string, Json | undefined],
): Promise<void> {
  const plain = payload === undefined ? undefined : requireJson(payload, "payload", "INPUT_NOT_SERIALISABLE");
  await ask(session, { type: "signal", taskId, name, payload: plain });
}

async function completeInTx(session: RunSession, tx: unknown, output: Json): Promise<void> {
  const stored = requireJson(output, "output", "SERIALIZATION_ERROR");
  await ask(session, { type: "complete-in-tx", tx, output: stored });
  session.completedInTx = true;
}
