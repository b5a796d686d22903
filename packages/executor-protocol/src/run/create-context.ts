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
import { createOnce, type Once } from "./once-memo.ts";
import { plainInvocation } from "./plain-invocation.ts";
import { problemText, requireJson, toPlainJson } from "./plain-json.ts";
import { TimeUp } from "./run-outcome.ts";
import { ask, guarded, say, type RunSession } from "./run-session.ts";
import { waitCalls } from "./wait-calls.ts";

/** Builds what the handler of a run gets beside its input. */
export function createContext(session: RunSession): TaskContext {
  return new RunContext(session);
}

/**
 * Made for every run, and most handlers need little of it: what is not a plain value is made when it is asked for. Each
 * function is an accessor's value, so that a handler can take the context apart.
 */
class RunContext implements TaskContext {
  readonly #session: RunSession;
  #log: Logger | null = null;
  #once: Once | null = null;
  #waits: ReturnType<typeof waitCalls> | null = null;
  readonly task: TaskContext["task"];
  readonly context: TaskContext["context"];
  readonly state: TaskContext["state"];
  readonly wake: TaskContext["wake"];
  readonly children: TaskContext["children"];
  readonly dependencies: TaskContext["dependencies"];

  constructor(session: RunSession) {
    const { run } = session;
    this.#session = session;
    this.task = run.task;
    this.context = run.context;
    this.state = run.state;
    this.wake = run.wake;
    this.children = run.children;
    this.dependencies = run.dependencies;
  }

  get signal(): AbortSignal {
    return this.#session.abort.signal;
  }

  get log(): Logger {
    return (this.#log ??= createLog(this.#session));
  }

  get deadlineInMs(): TaskContext["deadlineInMs"] {
    return () => deadlineInMs(this.#session);
  }

  get setProgress(): TaskContext["setProgress"] {
    return (patch) => say(this.#session, { progress: plainProgress(patch, this.log) });
  }

  get appendStep(): TaskContext["appendStep"] {
    return (step) => appendStep(this.#session, step, this.log);
  }

  get heartbeat(): TaskContext["heartbeat"] {
    return () => say(this.#session, { alive: true });
  }

  get checkTimeout(): TaskContext["checkTimeout"] {
    return () => checkTimeout(this.#session);
  }

  get once(): TaskContext["once"] {
    const once = (this.#once ??= createOnce(this.#session));
    // The value was made by this very function or read from what it stored: the caller knows its type.
    return <Result>(key: string, fn: () => Result | Promise<Result>) => guarded(once(key, fn)) as Promise<Result>;
  }

  get enqueue(): TaskContext["enqueue"] {
    return (invocation) => guarded(enqueue(this.#session, invocation));
  }

  get signalTask(): TaskContext["signalTask"] {
    return (taskId, name, payload) => guarded(signalTask(this.#session, taskId, [name, payload]));
  }

  get spawn(): TaskContext["spawn"] {
    return this.#wait.spawn;
  }

  get sleep(): TaskContext["sleep"] {
    return this.#wait.sleep;
  }

  get waitForSignal(): TaskContext["waitForSignal"] {
    return this.#wait.waitForSignal;
  }

  get suspend(): TaskContext["suspend"] {
    return this.#wait.suspend;
  }

  get completeInTx(): TaskContext["completeInTx"] {
    return (tx, output) => guarded(completeInTx(this.#session, tx, output));
  }

  get #wait(): ReturnType<typeof waitCalls> {
    return (this.#waits ??= waitCalls(this.#session));
  }
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
