import {
  failureFingerprint,
  toJsonText,
  toTaskFailure,
  type BackoffPolicy,
  type Clock,
  type EnqueueRequest,
  type Json,
  type Logger,
  type Random,
  type RunWait,
  type Settlement,
  type StoredValue,
  type SuspendWait,
  type TaskFailure,
  type TaskInvocation,
} from "@millrace/models";
import { issueText, parseOutput } from "../client/known-kind.ts";
import { andThen, isPromise, type MaybeAsync } from "../client/maybe-async.ts";
import { fits, type ValueCodec } from "../client/value-codec.ts";
import { retryDelay, type RetryDecision } from "../decide/retry-delay.ts";
import { planFailure, type PlannedEnd } from "../decide/settlement-for.ts";
import { maxAttemptsOf, type RunDefaults } from "./prepare-run.ts";
import type { HeldTask } from "./running-tasks.ts";

export interface SettlementPorts {
  readonly values: ValueCodec;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly defaults: RunDefaults & { readonly backoff: BackoffPolicy | undefined; readonly maxPayloadBytes: number };
  /** Makes the whole task of a child. @throws as an enqueue does */
  planChild(parent: HeldTask, invocation: TaskInvocation): Promise<EnqueueRequest>;
}

/** What the store is asked to do, and what it will mean to those who wait here. */
export interface ReadySettlement {
  readonly settlement: Settlement;
  /** As JSON text, should the task have succeeded, now or in its handler's transaction; null = no output. */
  readonly output: string | null;
  readonly failure: TaskFailure | null;
}

/**
 * Makes the store's question of a planned end: output judged by its schema, written and encoded; failure written, with the next
 * attempt's delay; children planned. What cannot be stored becomes a failure instead. Never throws or rejects.
 */
export function settlementOf(task: HeldTask, end: PlannedEnd, ports: SettlementPorts): MaybeAsync<ReadySettlement> {
  const failed = (error: unknown): Promise<ReadySettlement> =>
    failureSettlement(task, planFailure("TASK_FAILED", toTaskFailure(error)), ports);
  try {
    const settling = attempted(task, end, ports);
    return isPromise(settling) ? settling.catch(failed) : settling;
  } catch (error) {
    return failed(error);
  }
}

function attempted(task: HeldTask, end: PlannedEnd, ports: SettlementPorts): MaybeAsync<ReadySettlement> {
  switch (end.type) {
    case "succeed":
      return successSettlement(task, end.output, ports);
    case "suspend":
      return suspendSettlement(task, end, ports);
    case "snooze":
      return plain({ type: "snooze", delayMs: end.delayMs });
    case "release":
      return plain({ type: "release" });
    case "fail":
    case "cancelled":
    case "stored":
      return failureSettlement(task, end, ports);
  }
}

function successSettlement(
  task: HeldTask,
  output: Json | undefined,
  ports: SettlementPorts,
): MaybeAsync<ReadySettlement> {
  return andThen(parseOutput(task.served.known, output), (answer) => {
    if (answer.status === "parsed") return outputSettlement(task, answer.value, ports);
    const why = `does not fit its schema: ${issueText("output", answer.issues)}`;
    return failureSettlement(task, outputInvalid(why), ports);
  });
}

/** Writes and encodes an output that its schema has let through. */
function outputSettlement(task: HeldTask, output: unknown, ports: SettlementPorts): MaybeAsync<ReadySettlement> {
  if (output === undefined) return plain({ type: "succeed", output: null });
  const written = toJsonText(output, { path: "output" });
  if ("problem" in written) {
    const { path, why } = written.problem;
    return failureSettlement(task, outputInvalid(`cannot be written as JSON: ${path} ${why}`), ports);
  }
  const { known } = task.served;
  const maxBytes = known.maxPayloadBytes ?? ports.defaults.maxPayloadBytes;
  if (!fits(written.text, maxBytes)) {
    const why = `is larger than ${maxBytes} bytes as JSON`;
    if (known.oversizeOutput !== "drop") return failureSettlement(task, outputInvalid(why), ports);
    ports.logger.warn(`An output was dropped: it ${why}.`, { taskId: task.lease.taskId, kind: task.served.kind });
    return plain({ type: "succeed", output: null });
  }
  return andThen(ports.values.encode(written.text, aboutOf(task, "output")), (stored) => ({
    settlement: { type: "succeed", output: stored },
    output: written.text,
    failure: null,
  }));
}

function outputInvalid(why: string): PlannedEnd {
  const failure: TaskFailure = { name: "TaskError", message: `The output ${why}.`, code: "TASK_OUTPUT_INVALID" };
  return planFailure("TASK_OUTPUT_INVALID", failure, { permanent: true });
}

async function suspendSettlement(
  task: HeldTask,
  end: Extract<PlannedEnd, { type: "suspend" }>,
  ports: SettlementPorts,
): Promise<ReadySettlement> {
  let wait: SuspendWait;
  try {
    wait = await waitOf(task, end.wait, ports);
  } catch (error) {
    // The same children would be refused again.
    return failureSettlement(task, planFailure("TASK_FAILED", toTaskFailure(error), { permanent: true }), ports);
  }
  if (end.state === undefined) return plain({ type: "suspend", wait, state: undefined });
  const written = toJsonText(end.state, { path: "state" });
  const maxBytes = task.served.known.maxPayloadBytes ?? ports.defaults.maxPayloadBytes;
  if ("problem" in written || !fits(written.text, maxBytes)) {
    const why = "problem" in written ? written.problem.why : `is larger than ${maxBytes} bytes as JSON`;
    const failure = { name: "TaskError", message: `The state to carry over ${why}.`, code: "SERIALIZATION_ERROR" };
    return failureSettlement(task, planFailure("TASK_FAILED", failure, { permanent: true }), ports);
  }
  const state = await ports.values.encode(written.text, aboutOf(task, "state"));
  return plain({ type: "suspend", wait, state });
}

async function waitOf(task: HeldTask, wait: RunWait, ports: SettlementPorts): Promise<SuspendWait> {
  if (wait.reason !== "children") return wait;
  const children: EnqueueRequest[] = [];
  for (const invocation of wait.children) children.push(await ports.planChild(task, invocation));
  return { reason: "children", children, onFailure: wait.onFailure, timeoutMs: wait.timeoutMs };
}

/** For failures, cancellations, and the proof that a transaction's outcome was stored. */
async function failureSettlement(task: HeldTask, end: PlannedEnd, ports: SettlementPorts): Promise<ReadySettlement> {
  const maxAttempts = maxAttemptsOf(task, ports.defaults);
  const completed = task.completing?.output ?? null;
  if (end.type === "cancelled") {
    const { failure } = end;
    const retry = failure ? nextAttempt(task, failure, { ports, maxAttempts, askedDelayMs: undefined }) : null;
    const settlement: Settlement = {
      type: "cancelled",
      failure: failure ? await storedFailure(task, failure, ports) : null,
      fingerprint: failure ? failureFingerprint(failure, task.served.kind) : null,
      maxAttempts,
      delayMs: retry?.retry === true ? retry.delayMs : 0,
    };
    return { settlement, output: completed, failure };
  }
  const failed = end.type === "fail" ? end : notCommitted;
  const retry = nextAttempt(task, failed.failure, { ports, maxAttempts, askedDelayMs: failed.retryAfterMs });
  const settlement: Settlement = {
    type: "fail",
    reason: failed.reason,
    failure: await storedFailure(task, failed.failure, ports),
    fingerprint: failureFingerprint(failed.failure, task.served.kind),
    permanent: failed.permanent || !retry.retry,
    maxAttempts,
    delayMs: retry.retry ? retry.delayMs : 0,
  };
  return { settlement, output: completed, failure: failed.failure };
}

/**
 * Sent after `completeInTx`: when the transaction was committed the store answers that this attempt had been settled before, as
 * succeeded. When it was rolled back, its effects are gone, and so this failure is the truth.
 */
const notCommitted: Extract<PlannedEnd, { type: "fail" }> = {
  type: "fail",
  reason: "TASK_FAILED",
  failure: {
    name: "TaskError",
    message: "The handler called completeInTx and ended well, but its transaction was not committed.",
    code: "TASK_FAILED",
  },
  permanent: false,
  retryAfterMs: undefined,
};

function nextAttempt(
  task: HeldTask,
  failure: TaskFailure,
  asked: {
    readonly ports: SettlementPorts;
    readonly maxAttempts: number | null;
    readonly askedDelayMs: number | undefined;
  },
): RetryDecision {
  const { ports, maxAttempts, askedDelayMs } = asked;
  const { id, kind, attempt, failures, retry } = task.claimed.task;
  // The last failure needs no delay, and no resolver is asked in vain.
  if (maxAttempts !== null && failures + 1 >= maxAttempts) return { retry: true, delayMs: 0 };
  return retryDelay(
    {
      about: { taskId: id, kind, failure, attempt, failures: failures + 1, maxAttempts },
      taskRetry: retry,
      kindRetry: task.served.known.retry,
      hostBackoff: ports.defaults.backoff,
      askedDelayMs,
      now: ports.clock.now(),
      random: ports.random,
    },
    (error) => {
      ports.logger.error(`The retry function of "${kind}" failed; the host's back-off is used.`, {
        taskId: id,
        error: String(error),
      });
    },
  );
}

/** A failure that a codec cannot write must not hold the task up, and must not be kept in the clear either. */
async function storedFailure(task: HeldTask, failure: TaskFailure, ports: SettlementPorts): Promise<StoredValue> {
  try {
    return await ports.values.encode(JSON.stringify(failure), aboutOf(task, "failure"));
  } catch (error) {
    ports.logger.error("The codec could not write a failure.", { taskId: task.lease.taskId, error: String(error) });
    return JSON.stringify({ name: failure.name, message: "The failure could not be encoded." });
  }
}

function aboutOf(task: HeldTask, field: "output" | "failure" | "state"): Parameters<ValueCodec["encode"]>[1] {
  return { taskId: task.lease.taskId, tenantId: task.claimed.task.tenantId, field };
}

function plain(settlement: Settlement): ReadySettlement {
  return { settlement, output: null, failure: null };
}
