import {
  toTaskFailure,
  type CodecContext,
  type DependencyResult,
  type Json,
  type RunningTask,
  type StoredValue,
  type TaskFailure,
  type TaskRecord,
  type TaskRun,
  type WaitedTask,
  type Wake,
} from "@millrace/models";
import { issueText, parseInput } from "../client/known-kind.ts";
import { andThen, isPromise, mapInOrder, type MaybeAsync } from "../client/maybe-async.ts";
import type { ValueCodec } from "../client/value-codec.ts";
import { planFailure, type PlannedEnd } from "../decide/settlement-for.ts";
import type { HeldTask } from "./running-tasks.ts";

/** What the host's own defaults are for what neither task nor kind says. */
export interface RunDefaults {
  readonly maxAttempts: number | null;
  readonly timeoutMs: number | null;
}

/** A run that can start, or how the attempt ends because it cannot. */
export type PreparedRun = { readonly run: TaskRun } | { readonly end: PlannedEnd };

/** Decodes what a handler gets, and lets the kind's schema judge the input. Never throws or rejects. */
export function prepareRun(task: HeldTask, values: ValueCodec, defaults: RunDefaults): MaybeAsync<PreparedRun> {
  // A codec that is missing here may be given to the next host: no reason to give the task up for good.
  const unreadable = (error: unknown): PreparedRun => {
    return { end: planFailure("TASK_INPUT_INVALID", toTaskFailure(error)) };
  };
  try {
    const preparing = prepared(task, values, defaults);
    return isPromise(preparing) ? preparing.catch(unreadable) : preparing;
  } catch (error) {
    return unreadable(error);
  }
}

function prepared(held: HeldTask, values: ValueCodec, defaults: RunDefaults): MaybeAsync<PreparedRun> {
  const { task, results } = held.claimed;
  const decode = (field: CodecContext["field"], value: StoredValue | null): MaybeAsync<Json | undefined> =>
    values.decode(value, { taskId: task.id, tenantId: task.tenantId, field });
  return andThen(decode("input", task.input), (stored) =>
    andThen(parseInput(held.served.known, stored), (answer): MaybeAsync<PreparedRun> => {
      if (answer.status === "refused") return { end: inputInvalid(task, issueText("input", answer.issues)) };
      if (hasInputOnly(task, results)) {
        return { run: runOf(held, defaults, { ...nothingElse, input: answer.value as Json | undefined }) };
      }
      return andThen(decode("state", task.state), (state) =>
        andThen(wakeOf(task, decode), (wake) =>
          andThen(waitedTasks(task, results, values), (waited): PreparedRun => {
            const input = answer.value as Json | undefined;
            return { run: runOf(held, defaults, { input, state: state ?? null, wake, waited }) };
          }),
        ),
      );
    }),
  );
}

interface RunValues {
  readonly input: Json | undefined;
  readonly state: Json;
  readonly wake: Wake | null;
  readonly waited: readonly WaitedTask[];
}

const nothingElse: RunValues = { input: undefined, state: null, wake: null, waited: [] };

/** Most attempts: nothing but the input has to be read. */
function hasInputOnly(task: TaskRecord, results: readonly DependencyResult[]): boolean {
  return task.state === null && task.wakeReason === null && results.length === 0;
}

function runOf(held: HeldTask, defaults: RunDefaults, { input, state, wake, waited }: RunValues): TaskRun {
  const { task } = held.claimed;
  return {
    handler: held.served.handler,
    task: runningTask(task, maxAttemptsOf(held, defaults)),
    input,
    state,
    wake,
    children: task.stage > 0 ? waited : [],
    dependencies: task.stage > 0 ? [] : waited,
    context: task.context,
    logContext: task.logContext,
    timeoutMs: timeoutOf(held, defaults),
    alone: task.suspect,
    mayHaveMemos: task.attempt > 1,
  };
}

/** How many failures end the task: as task, kind or host say, in this order. */
export function maxAttemptsOf(held: HeldTask, defaults: RunDefaults): number | null {
  const { retry } = held.claimed.task;
  if (retry.maxAttempts !== undefined) return retry.maxAttempts;
  const ofKind = held.served.known.retry?.maxAttempts;
  return ofKind === undefined ? defaults.maxAttempts : ofKind;
}

/** How long the attempt may run: as task, kind or host say, in this order; null = without limit. */
export function timeoutOf(held: HeldTask, defaults: RunDefaults): number | null {
  const ofTask = held.claimed.task.timeoutMs;
  if (ofTask !== null) return ofTask;
  const ofKind = held.served.known.timeoutMs;
  return ofKind === undefined ? defaults.timeoutMs : ofKind;
}

function runningTask(task: TaskRecord, maxAttempts: number | null): RunningTask {
  return {
    id: task.id,
    tenantId: task.tenantId,
    kind: task.kind,
    kindVersion: task.kindVersion,
    attempt: task.attempt,
    maxAttempts,
    failures: task.failures,
    stage: task.stage,
    priority: task.priority,
    metadata: task.metadata,
    channels: task.channels,
    tags: task.tags,
    dedupeKey: task.dedupeKey,
    supersedeKey: task.supersedeKey,
    rootId: task.rootId,
    parentId: task.parentId,
    flowId: task.flowId,
    createdAt: task.createdAt,
    scheduledAt: task.scheduledAt,
    traceParent: task.traceParent,
  };
}

function inputInvalid(task: TaskRecord, problems: string): PlannedEnd {
  const message = `The stored input of "${task.kind}" does not fit its schema: ${problems}`;
  const failure: TaskFailure = { name: "TaskError", message, code: "TASK_INPUT_INVALID" };
  return planFailure("TASK_INPUT_INVALID", failure, { permanent: true });
}

function wakeOf(
  task: TaskRecord,
  decode: (field: CodecContext["field"], value: StoredValue | null) => MaybeAsync<Json | undefined>,
): MaybeAsync<Wake | null> {
  const { wakeReason: reason } = task;
  if (reason === null) return null;
  return andThen(decode("signal", task.wakePayload), (payload) => ({
    reason,
    ...(payload === undefined ? {} : { payload }),
    timedOut: reason === "timeout",
    aborted: task.waitAborted,
  }));
}

function waitedTasks(
  task: TaskRecord,
  results: readonly DependencyResult[],
  values: ValueCodec,
): MaybeAsync<readonly WaitedTask[]> {
  if (results.length === 0) return [];
  return mapInOrder(results, ({ taskId, kind, status, reason, output, failure }) => {
    const about = { taskId, tenantId: task.tenantId };
    return andThen(values.decode(output, { ...about, field: "output" }), (decoded) =>
      andThen(values.decode(failure, { ...about, field: "failure" }), (thrown): WaitedTask => ({
        taskId,
        kind,
        status,
        reason,
        ...(decoded === undefined ? {} : { output: decoded }),
        ...(thrown === undefined ? {} : { failure: toTaskFailure(thrown) }),
      })),
    );
  });
}
