import {
  type Clock,
  type Logger,
  type Random,
  type TaskClient,
  type TaskExecutor,
  type TaskService,
  type TaskStore,
} from "@millrace/models";
import { createRunner, type Runner, type RunnerPorts } from "../runner/create-runner.ts";
import { waitAtMost } from "../runner/pause.ts";
import { createStoreTrouble, messageOf, type StoreTrouble } from "../runner/store-trouble.ts";
import { createRequestMaker } from "../services/request-maker.ts";
import { pruneAll } from "../services/retention-scan.ts";
import { createServiceSupervisor, requiredFacet } from "../services/service-supervisor.ts";
import { startTicker, type Ticker } from "../services/ticker.ts";
import type { HostEvents } from "./host-events.ts";
import type { RunnerSettings } from "./host-options.ts";
import { createHealthReport } from "./store-health.ts";
import { createHostPresence } from "./host-presence.ts";
import { createKindRegistrar, type KindRegistrar } from "./kind-registrar.ts";
import type { KindRegistry } from "./kind-registry.ts";
import type { HostLife, StopOptions } from "./lifecycle.ts";

export interface HostLifePorts {
  readonly settings: RunnerSettings;
  readonly store: TaskStore;
  readonly executors: readonly TaskExecutor[];
  readonly kinds: KindRegistry;
  readonly services: readonly TaskService[];
  readonly client: TaskClient;
  readonly core: RunnerPorts["core"];
  readonly defaults: RunnerPorts["defaults"];
  readonly events: HostEvents;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly label: string;
  readonly version: string;
  isPaused(): boolean;
}

/** A life of a host, with what the host must reach while it lasts. */
export interface RunningLife extends HostLife {
  readonly runner: Runner;
  readonly registrar: KindRegistrar;
  /** Limits were changed here: what may be claimed ahead must be known at once. */
  refreshLimits(): Promise<void>;
}

/** How long settlements are given at the end of a stop when the store does not take them. */
const flushMs = 5_000;
/** How much longer than their grace isolated runs are waited for: their executor ends their processes. */
const killMarginMs = 5_000;
/** From the last outcome of a closed executor to its settlement. */
const settleMarginMs = 1_000;
const unservedEveryMs = 30_000;
const healthEveryMs = 60_000;
const limitsEveryMs = 10_000;

/** Makes one life: from a start to a stop in the order of the promise. */
export function createHostLife(ports: HostLifePorts): RunningLife {
  const { settings, store, clock, random, logger, kinds, events } = ports;
  const trouble = (doing: string): StoreTrouble => createStoreTrouble({ clock, random, logger, doing });
  const hurry = new AbortController();
  const ending = new AbortController();
  const tickers: Ticker[] = [];
  let hasBegun = false;
  let release: () => void = () => {};

  const presence = createHostPresence({
    settings,
    label: ports.label,
    version: ports.version,
    store,
    clock,
    logger,
    running: () => runner.activeRuns,
    servedKinds: () => kinds.list().map(({ kind }) => kind),
    onLetGo: () => runner.wake.wake(),
  });
  const registrar = createKindRegistrar({
    store,
    kinds,
    clock,
    logger,
    trouble: trouble("registering kinds"),
    onTold: () => runner.wake.wake(),
  });
  const runner: Runner = createRunner({
    ...ports,
    store: store,
    isPaused: () => ports.isPaused() || presence.isHeldBack,
    isReady: (served) => registrar.isTold(served),
    isLimited: (kind) => presence.isLimited(kind),
    onBeat: () => void presence.beat(ending.signal.aborted ? "draining" : "running"),
  });
  const services = createServiceSupervisor(ports.services, {
    ...ports,
    hostId: settings.id,
    requests: createRequestMaker(ports.core.planning),
  });

  const every = (intervalMs: number, doing: string, job: () => Promise<void>): void => {
    const own = trouble(doing);
    tickers.push(
      startTicker({
        clock,
        random,
        intervalMs,
        async job() {
          await job();
          own.answered();
        },
        onError: (error) => own.failed(error),
      }),
    );
  };

  const startTickers = (): void => {
    every(settings.watchdogScanIntervalMs, "looking for silent tasks", async () => {
      for (const task of await store.markStale(settings.watchdogMs, settings.sweepLimit)) {
        logger.warn("A task has fallen silent.", { taskId: task.id, kind: task.kind, why: task.staleReason });
        runner.tellStale(task);
      }
    });
    every(unservedEveryMs, "looking for kinds without a host", () => presence.reportUnserved());
    every(limitsEveryMs, "looking up limits", () => presence.refreshLimits());
    const health = store.facet("health");
    if (health) every(healthEveryMs, "looking at the database", createHealthReport(health, { clock, logger }));
    const retention = store.facet("retention");
    if (!retention) return;
    every(settings.retentionScanIntervalMs, "removing old tasks", async () => {
      await pruneAll(retention, settings.retentionPolicy ?? {}, ending.signal);
    });
  };

  const begin = async (): Promise<void> => {
    if (settings.retentionPolicy) requiredFacet(store, "retention", "runner.retentionPolicy");
    if (settings.storeConcurrency !== null) {
      await requiredFacet(store, "limits", "storeConcurrency").setLimit(
        { type: "store" },
        settings.storeConcurrency,
        null,
      );
    }
    await registrar.tellAll();
    await presence.refreshLimits();
    await presence.begin();
    await services.start();
    await runner.start();
    startTickers();
    hasBegun = true;
    // Timers keep no process alive; a host that runs must.
    release = clock.hold?.() ?? release;
    events.runner("runner:start");
  };

  const waitForRuns = (waitMs: number): Promise<void> =>
    runner.tasks.size === 0
      ? Promise.resolve()
      : waitAtMost(clock, runner.tasks.whenEmpty(), { ms: waitMs, signal: hurry.signal });

  /** Steps 4 to 7: what still runs is told to stop, ended where that is possible, and given back or left to expire. */
  const stopRuns = async (): Promise<void> => {
    runner.abortAll("shutdown");
    const hasIsolated = (): boolean => runner.tasks.all().some(({ served }) => served.executor.isolated);
    await waitForRuns(settings.abortGraceMs);
    if (hasIsolated()) await waitForRuns(killMarginMs);
    if (hasIsolated()) {
      // Its children outlived their grace, or the user cannot wait: the executor ends them, and cannot be used again.
      const isolated = ports.executors.filter((executor) => executor.isolated);
      await waitAtMost(clock, Promise.all(isolated.map((executor) => executor.close())), { ms: killMarginMs });
      await waitAtMost(clock, runner.tasks.whenEmpty(), { ms: settleMarginMs });
    }
    for (const task of runner.abandon()) {
      logger.warn("A handler did not stop; its lease is left to expire.", {
        taskId: task.lease.taskId,
        kind: task.served.kind,
        attempt: task.lease.attempt,
      });
    }
  };

  const end = async ({ graceMs, kill }: StopOptions): Promise<void> => {
    if (kill === true) hurry.abort();
    ending.abort();
    await Promise.all([runner.stopClaiming(), services.stop(), ...tickers.map((ticker) => ticker.stop())]);
    registrar.stop();
    await presence.beat("draining");
    await waitForRuns(graceMs ?? settings.stopWaitMs);
    if (runner.tasks.size > 0) await stopRuns();
    await waitAtMost(clock, runner.settlements.whenEmpty(), { ms: flushMs });
    await runner.close();
    await presence.beat("stopped");
    release();
    if (hasBegun) events.runner("runner:stop");
  };

  return {
    runner,
    registrar,
    refreshLimits: () => presence.refreshLimits(),
    async begin() {
      try {
        await begin();
      } catch (error) {
        logger.error("The host could not start.", { error: messageOf(error) });
        await end({ graceMs: 0, kill: true });
        throw error;
      }
    },
    end,
    hurry: () => hurry.abort(),
  };
}
