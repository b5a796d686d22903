import type {
  BackoffPolicy,
  ClaimedTask,
  Clock,
  Logger,
  Random,
  TaskAbortReason,
  TaskId,
  TaskInvocation,
  TaskRecord,
  TaskStore,
} from "@millrace/models";
import type { ClientCore } from "../client/task-client-core.ts";
import { planEnqueue } from "../client/enqueue-request.ts";
import type { HostEvents } from "../host/host-events.ts";
import type { RunnerSettings } from "../host/host-options.ts";
import { createHostTeller } from "../host/host-teller.ts";
import type { KindRegistry, ServedKind } from "../host/kind-registry.ts";
import type { Ticker } from "../services/ticker.ts";
import { answerQuestion } from "./answer-question.ts";
import { createClaimLoop } from "./claim-loop.ts";
import { createDispatchQueue } from "./dispatch-queue.ts";
import { endAttempt, endUnstarted, type EndAttemptPorts } from "./end-attempt.ts";
import { startExpiryLoop, sweep } from "./expiry-loop.ts";
import { createHeartbeatLoop } from "./heartbeat-loop.ts";
import { createKindRates } from "./kind-rates.ts";
import { createLeaseGuard } from "./lease-guard.ts";
import { loseLease } from "./lease-watch.ts";
import { childOf, ownLifeOf } from "./parent-task.ts";
import { createReportQueue } from "./report-queue.ts";
import { runTasks, type RunTaskPorts } from "./run-task.ts";
import { createRunningTasks, holdTask, type HeldTask, type RunningTasks } from "./running-tasks.ts";
import { createSettleQueue, type SettleQueue } from "./settle-queue.ts";
import { createStoreTrouble, type StoreTrouble } from "./store-trouble.ts";
import { createWakeTimes } from "./wake-times.ts";
import { createWakeSignal, type WakeSignal } from "./wake-signal.ts";

/** What a runner is made of. */
export interface RunnerPorts {
  readonly settings: RunnerSettings;
  readonly store: TaskStore<unknown>;
  readonly kinds: KindRegistry;
  readonly core: Pick<ClientCore<unknown>, "planning" | "values" | "enqueueFor" | "results">;
  readonly events: HostEvents;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly defaults: {
    readonly maxAttempts: number | null;
    readonly backoff: BackoffPolicy | undefined;
    readonly timeoutMs: number | null;
    readonly maxPayloadBytes: number;
  };
  /** Nothing is claimed while it says so. */
  isPaused(): boolean;
  /** Whether a kind is known to the store by now. */
  isReady(served: ServedKind): boolean;
  /** Whether an operator limits a kind over the whole store. */
  isLimited(kind: string): boolean;
  onBeat(): void;
}

/** The running part of a host, for one life. */
export interface Runner {
  readonly tasks: RunningTasks;
  readonly wake: WakeSignal;
  readonly settlements: SettleQueue;
  readonly activeRuns: number;
  /** Tells that the watchdog has labelled a task. */
  tellStale(task: TaskRecord): void;
  /** A task of this store was cancelled here: its attempt may run here too. */
  cancelled(taskId: TaskId, isTerminated: boolean): void;
  /** Takes back what earlier hosts left, then begins to claim. */
  start(): Promise<void>;
  /** Ends when no claim is under way; what was claimed and has not started is given back. */
  stopClaiming(): Promise<void>;
  /** Aborts what runs. */
  abortAll(reason: TaskAbortReason): void;
  /** Forgets what did not stop: its lease will expire. */
  abandon(): readonly HeldTask[];
  /** Ends the renewals and sweeps. */
  close(): Promise<void>;
}

/** Makes a runner; nothing happens before its start. */
export function createRunner(ports: RunnerPorts): Runner {
  const { settings, store, clock, random, logger, core } = ports;
  const trouble = (doing: string): StoreTrouble => createStoreTrouble({ clock, random, logger, doing });
  const wake = createWakeSignal(clock);
  const tasks = createRunningTasks(() => {});
  const rates = createKindRates();
  const keyed = new Set<string>();
  const teller = createHostTeller({
    hostId: settings.id,
    clock,
    events: ports.events,
    results: core.results,
  });
  const onLost = (task: HeldTask): void => loseLease(task, tasks, teller);
  const { batchSize } = settings;
  const settlements = createSettleQueue({ store, clock, trouble: trouble("settling"), batchSize });
  const reports = createReportQueue({
    store,
    clock,
    trouble: trouble("reporting"),
    onAnswer(task, sent, answer) {
      if (answer.status === "lost") {
        if (!task.completing) onLost(task);
        return;
      }
      if (sent.started) task.started = "stored";
      teller.reported(task, sent, answer);
      if (answer.status === "cancel-requested") tasks.abort(task, "cancelled");
    },
  });

  const planChild = async (parent: HeldTask, invocation: TaskInvocation) =>
    planEnqueue(
      { kind: invocation.kind, input: invocation.input, options: invocation.options ?? {}, parent: childOf(parent) },
      core.planning,
    );
  const endPorts: EndAttemptPorts = {
    tasks,
    reports,
    settlements,
    teller,
    values: core.values,
    clock,
    random,
    logger,
    defaults: ports.defaults,
    planChild,
    onWait: (endsInMs) => wakeTimes.add(endsInMs),
    // What a settlement frees in the store is of use only to who has room for it.
    onSettled: () => {
      if (dispatch.hasRoom) wake.wake();
    },
  };
  const runPorts: RunTaskPorts = {
    tasks,
    values: core.values,
    clock,
    logger,
    defaults: ports.defaults,
    abortGraceMs: settings.abortGraceMs,
    report(task, report) {
      if (report.started && task.started === "no") task.started = "pending";
      return reports.add(task, report);
    },
    ask: (task, question) =>
      answerQuestion(task, question, {
        store,
        values: core.values,
        random,
        logger,
        maxPayloadBytes: ports.defaults.maxPayloadBytes,
        enqueueFrom: (parent, { kind, input, options = {} }) =>
          core.enqueueFor(ownLifeOf(parent), { kind, input, options }),
        onLost,
      }),
    ended(task, outcome) {
      if (task.isHeld) endAttempt(task, outcome, endPorts);
    },
    unfit: (task, end) => endUnstarted(task, end, endPorts),
    measured: (task, ranMs) => rates.measured(task.served.kind, ranMs),
  };
  const dispatch = createDispatchQueue({
    hostId: settings.id,
    leaseMs: settings.leaseMs,
    prefetch: batchSize,
    concurrency: settings.concurrency,
    kinds: ports.kinds,
    tasks,
    rates,
    isLimited: ({ kind, known }) =>
      known.concurrency !== undefined || known.rate !== undefined || keyed.has(kind) || ports.isLimited(kind),
    isReady: (served) => ports.isReady(served),
    run: (group, onFree) => runTasks(group, runPorts, onFree),
    onFree: () => claims.freed(),
  });
  const heartbeat = createHeartbeatLoop({
    store,
    clock,
    tasks,
    trouble: trouble("renewing leases"),
    leaseMs: settings.leaseMs,
    heartbeatMs: settings.heartbeatMs,
    onLost,
    onBeat() {
      ports.onBeat();
    },
    vouchedUntil: (task) => guard.vouchedUntil(task),
  });
  const guard = createLeaseGuard({ ...ports, tasks, marginMs: heartbeat.marginMs });
  const take = (claimed: readonly ClaimedTask[], sentAt: number): void => {
    const held: HeldTask[] = [];
    for (const entry of claimed) {
      const served = ports.kinds.served(entry.task.kind);
      if (entry.task.concurrencyKeys.length > 0) keyed.add(entry.task.kind);
      if (!served) {
        giveBackUnserved(entry);
        continue;
      }
      const task = holdTask(entry, served, heartbeat.deadlineFrom(sentAt));
      const earlier = tasks.add(task);
      // The store would not have given it away otherwise.
      if (earlier) onLost(earlier);
      teller.claimed(task);
      held.push(task);
    }
    guard.add(held);
    dispatch.add(held);
  };
  /** Its handler was unregistered while it was being claimed: another host may have one. */
  const giveBackUnserved = ({ task }: ClaimedTask): void => {
    logger.warn(`A task of "${task.kind}" is given back: its handler was unregistered.`, { taskId: task.id });
    const lease = { taskId: task.id, attempt: task.attempt, leaseToken: task.leaseToken ?? "" };
    settlements.add({ ...lease, started: false, settlement: { type: "release" } }, () => {});
  };
  const claims = createClaimLoop({
    store,
    clock,
    random,
    wake,
    trouble: trouble("claiming"),
    pollIntervalMs: settings.pollIntervalMs,
    isPaused: () => ports.isPaused() || settlements.size > maxUnsettled,
    demand: () => dispatch.demand(),
    take,
    drainForSuspects: (on) => dispatch.drainForSuspects(on),
  });
  const sweeping = {
    store,
    clock,
    random,
    trouble: trouble("sweeping"),
    sweepIntervalMs: settings.sweepIntervalMs,
    sweepLimit: settings.sweepLimit,
    onSwept(swept: Parameters<typeof teller.swept>[0]) {
      teller.swept(swept);
      wake.wake();
    },
  };
  let expiry: Ticker | null = null;
  const wakeTimes = createWakeTimes(clock, () => expiry?.poke());
  let unwatch: (() => void) | null = null;

  return {
    tasks,
    wake,
    settlements,
    get activeRuns() {
      return dispatch.activeRuns;
    },
    tellStale: (task) => teller.stale(task),
    cancelled(taskId, isTerminated) {
      const task = tasks.get(taskId);
      if (!task) return;
      if (isTerminated) onLost(task);
      else tasks.abort(task, "cancelled");
    },
    async start() {
      await sweep(sweeping);
      expiry = startExpiryLoop(sweeping);
      unwatch = store.watch(() => wake.wake());
      await guard.start();
      heartbeat.start();
      claims.start();
    },
    async stopClaiming() {
      await claims.stop();
      unwatch?.();
      wakeTimes.stop();
      await expiry?.stop();
      // Not waited for: the store may be away, and the settlements have their own time at the end of a stop.
      for (const task of dispatch.takeWaiting()) endUnstarted(task, { type: "release" }, endPorts);
    },
    abortAll(reason) {
      for (const task of tasks.all()) tasks.abort(task, reason);
    },
    abandon() {
      const left = tasks.all().filter((task) => task.phase !== "settling");
      for (const task of left) tasks.remove(task);
      return left;
    },
    async close() {
      reports.close();
      settlements.close();
      await heartbeat.stop();
      await guard.stop();
    },
  };
}

/** So many outcomes unwritten: the store is in trouble, and more work would only add to them. */
const maxUnsettled = 1_000;
