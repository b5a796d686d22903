import {
  bulkTaskKind,
  checkRetentionPolicy,
  enqueuedEvent,
  systemClock,
  systemRandom,
  TaskError,
  type CancelAnswer,
  type EnqueueResult,
  type MoveEvent,
  type TaskExecutor,
  type TaskRecord,
} from "@millrace/models";
import { checkDuplicates, taskList } from "../client/create-task-client.ts";
import { defaultMaxPayloadBytes } from "../client/enqueue-request.ts";
import { checkInteger, checkIntegerOrNull, longestMs, optionError } from "../client/option-check.ts";
import { createClientCore } from "../client/task-client-core.ts";
import { waitAtMost } from "../runner/pause.ts";
import { requiredFacet } from "../services/service-supervisor.ts";
import { pruneAll } from "../services/retention-scan.ts";
import { createHostEvents } from "./host-events.ts";
import { createHostLife, type RunningLife } from "./host-life.ts";
import { createHostLogger } from "./host-logger.ts";
import { checkedBackoff, type TaskHostOptions } from "./host-options.ts";
import { createKindRegistry } from "./kind-registry.ts";
import { createLifecycle, type StopOptions } from "./lifecycle.ts";
import { resolveRunner } from "./resolve-runner.ts";
import type { TaskHost } from "./task-host.ts";

/**
 * Makes a host: a process that claims tasks from a store, runs them on its executors and settles them, and a client of that store.
 * Synchronous, and without any I/O before `start()` or the first call.
 *
 * @throws `OPTION_INVALID`, `KIND_INVALID`, `KIND_DUPLICATE`, `HANDLER_MISSING`, `HANDLER_REFUSED`
 */
export function createTaskHost<Tx = never>(options: TaskHostOptions<Tx>): TaskHost<Tx> {
  const { clock = systemClock, random = systemRandom, store } = options;
  if (typeof store !== "object" || store === null) throw optionError("store", "must be given");
  const settings = resolveRunner(options, random);
  const executors = executorList(options.executor);
  const logger = createHostLogger(options.logger, options.loggerAdapter);
  const kinds = createKindRegistry(executors);
  const handlers = [...taskList(options.tasks), ...(options.handlers ?? [])];
  checkDuplicates(handlers);
  for (const handler of handlers) kinds.add(handler);
  const defaults = resolveDefaults(options);

  let life: RunningLife | null = null;
  let isPaused = false;
  let isClosed = false;

  const core = createClientCore<Tx>({
    store,
    kinds,
    codec: options.codec ?? null,
    codecs: options.codecs ?? [],
    maxPayloadBytes: defaults.maxPayloadBytes,
    allowUnknownKinds: options.allowUnknownKinds ?? false,
    clock,
    random,
    logger,
    hooks: { onEnqueued, onCancelled, onDue: () => life?.runner.wake.wake() },
  });
  const { client } = core;
  const events = createHostEvents({ hostId: settings.id, clock, logger, snapshots: core.snapshots });
  if (options.onEvent) events.onEvent(options.onEvent);
  if (options.onLifecycleEvent) events.onLifecycleEvent(options.onLifecycleEvent);

  const lifecycle = createLifecycle(() => {
    if (isClosed) throw new TaskError("HOST_STATE_INVALID", "This host has been closed; make a new one.");
    life = createHostLife({
      settings,
      store,
      executors,
      kinds,
      services: options.services ?? [],
      client,
      core,
      defaults,
      events,
      clock,
      random,
      logger,
      label: options.label ?? "",
      version: options.version ?? "",
      isPaused: () => isPaused,
    });
    return life;
  });

  function onEnqueued(results: readonly EnqueueResult[]): void {
    let isDue = false;
    for (const { task, disposition, supersededTaskIds } of results) {
      for (const taskId of supersededTaskIds) life?.runner.cancelled(taskId, true);
      isDue ||= task.status === "queued" && kinds.served(task.kind) !== null;
      if (events.isHeard)
        events.task(task, [{ ...enqueuedEvent(task), version: task.version }], { disposition, supersededTaskIds });
    }
    if (isDue) life?.runner.wake.wake();
  }

  function onCancelled({ status, task }: Exclude<CancelAnswer, { status: "not-found" }>): void {
    if (status === "already-final") return;
    if (events.isHeard)
      events.task(task, [cancelEvent(task, status === "cancelled" ? "cancelled" : "cancel_requested")]);
    life?.runner.cancelled(task.id, status === "cancelled");
  }

  const close = async (stopOptions?: StopOptions): Promise<void> => {
    await lifecycle.stop(stopOptions);
    if (isClosed) return;
    isClosed = true;
    // A handler in this process that never ends would hold an executor open for ever.
    const closing = Promise.all(executors.map((executor) => executor.close()));
    await waitAtMost(clock, closing, { ms: settings.abortGraceMs });
    await store.close();
  };

  const host: TaskHost<Tx> = {
    ...client,
    id: settings.id,
    start: () => lifecycle.start(),
    stop: (stopOptions) => lifecycle.stop(stopOptions),
    close,
    [Symbol.asyncDispose]: () => close(),
    getState: () => lifecycle.state,
    registerHandler(handler) {
      kinds.add(handler, { mayBeReserved: handler.kind === bulkTaskKind });
      life?.registrar.tellSoon();
      return host;
    },
    unregisterHandler: (names) =>
      (typeof names === "string" ? [names] : names).filter((kind) => kinds.remove(kind)).length,
    getTaskInfo(kind) {
      const served = kinds.served(kind);
      if (!served) return null;
      const { known, executor, batchSize } = served;
      const { description = null, version = 1 } = known;
      return { kind, version, description, executor: executor.name, batchSize };
    },
    async pause(target, pauseOptions) {
      if (target === undefined) isPaused = true;
      else await client.pause(target, pauseOptions);
    },
    async resume(target, resumeOptions) {
      if (target !== undefined) return client.resume(target, resumeOptions);
      isPaused = false;
      life?.runner.wake.wake();
    },
    drain: (hostId = settings.id, drain = true) => client.drain(hostId, drain),
    async setLimit(scope, limit, limitOptions) {
      await client.setLimit(scope, limit, limitOptions);
      await life?.refreshLimits();
      life?.runner.wake.wake();
    },
    async setRate(scope, rate) {
      if (rate) {
        checkInteger("rate.count", rate.count, { min: 1 });
        checkInteger("rate.perMs", rate.perMs, { min: 1 });
      }
      await requiredFacet(store, "limits", "setRate").setRate(scope, rate);
      await life?.refreshLimits();
      life?.runner.wake.wake();
    },
    async compact(policy) {
      const chosen = policy ? checkRetentionPolicy(policy) : (settings.retentionPolicy ?? {});
      return pruneAll(requiredFacet(store, "retention", "compact"), chosen);
    },
    onEvent: (listener) => events.onEvent(listener),
    onLifecycleEvent: (listener) => events.onLifecycleEvent(listener),
  };
  return host;
}

function resolveDefaults<Tx>(options: TaskHostOptions<Tx>) {
  const { defaultMaxAttempts = 1, defaultTimeoutMs = null, maxPayloadBytes = defaultMaxPayloadBytes } = options;
  return {
    maxAttempts: checkIntegerOrNull("defaultMaxAttempts", defaultMaxAttempts, { min: 1, max: 1_000_000 }),
    timeoutMs: checkIntegerOrNull("defaultTimeoutMs", defaultTimeoutMs, { min: 1, max: longestMs }),
    backoff: checkedBackoff(options.defaultBackoff),
    maxPayloadBytes: checkInteger("maxPayloadBytes", maxPayloadBytes, { min: 1 }),
  };
}

function executorList(executor: TaskExecutor | readonly TaskExecutor[]): readonly TaskExecutor[] {
  const list = Array.isArray(executor) ? (executor as readonly TaskExecutor[]) : [executor as TaskExecutor];
  if (list.length > 0 && list.every((one) => typeof one === "object" && one !== null)) return list;
  throw optionError("executor", "must be an executor, or a list of at least one");
}

function cancelEvent(task: TaskRecord, type: "cancelled" | "cancel_requested"): MoveEvent {
  return {
    type,
    version: task.version,
    attempt: task.attempt,
    at: task.updatedAt,
    statusBefore: null,
    statusAfter: task.status,
    reason: task.reason,
    hostId: task.hostId,
    data: null,
  };
}
