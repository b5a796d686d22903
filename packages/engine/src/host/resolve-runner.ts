import type { Random } from "@millrace/models";
import {
  checkDuration,
  checkInteger,
  checkIntegerOrNull,
  checkKeys,
  checkText,
  optionError,
} from "../client/option-check.ts";
import { checkedRetention, type RunnerOptions, type RunnerSettings, type TaskHostOptions } from "./host-options.ts";

/** The names another library gave to what is called otherwise here: saying so helps more than "unknown option". */
const otherNames: Readonly<Record<string, string>> = {
  globalConcurrency: "concurrency (of this host) or storeConcurrency (over the whole store)",
  stopTimeoutMs: "stopWaitMs",
  staleScanIntervalMs: "sweepIntervalMs",
  staleScanLimit: "sweepLimit",
  maxConcurrentTasks: "concurrency",
};

const runnerNames: readonly (keyof RunnerOptions)[] = [
  "id",
  "podId",
  "recoverOnStart",
  "pollIntervalMs",
  "heartbeatMs",
  "leaseMs",
  "concurrency",
  "storeConcurrency",
  "sweepIntervalMs",
  "sweepLimit",
  "watchdogMs",
  "watchdogScanIntervalMs",
  "retentionPolicy",
  "retentionScanIntervalMs",
  "stopWaitMs",
  "abortGraceMs",
  "maxBlockMs",
  "journalKeepMs",
];
const hostNames: readonly Exclude<keyof TaskHostOptions, keyof RunnerOptions>[] = [
  "store",
  "executor",
  "tasks",
  "handlers",
  "services",
  "runner",
  "logger",
  "loggerAdapter",
  "onEvent",
  "onLifecycleEvent",
  "defaultMaxAttempts",
  "defaultBackoff",
  "defaultTimeoutMs",
  "codec",
  "codecs",
  "allowUnknownKinds",
  "maxPayloadBytes",
  "clock",
  "random",
  "label",
  "version",
];
const knownRunner: ReadonlySet<string> = new Set(runnerNames);
const knownHost: ReadonlySet<string> = new Set([...runnerNames, ...hostNames]);

/**
 * Checks the runner's options wherever they stand, and fills the defaults.
 * @throws `OPTION_INVALID` with `details.path`: a value out of bounds, an unknown name, one said in both places
 */
export function resolveRunner<Tx>(options: TaskHostOptions<Tx>, random: Random): RunnerSettings {
  const { runner = {} } = options;
  refuseOtherNames("", options);
  refuseOtherNames("runner.", runner);
  checkKeys("", options, knownHost);
  checkKeys("runner", runner, knownRunner);
  const given = mergedOptions(options, runner);
  const at = (name: keyof RunnerOptions): string => (runner[name] === undefined ? name : `runner.${name}`);
  const whole = (name: NumberName, standard: number, min: number): number =>
    checkInteger(at(name), given[name] ?? standard, { min, max: 1_000_000_000 });
  const duration = (name: NumberName, standard: number, min: number): number =>
    checkDuration(at(name), given[name] ?? standard, min);

  const leaseMs = duration("leaseMs", 30_000, 500);
  const heartbeatMs = duration("heartbeatMs", Math.min(10_000, Math.floor(leaseMs / 3)), 50);
  if (leaseMs < 2 * heartbeatMs) {
    throw optionError(
      at(given.leaseMs === undefined ? "heartbeatMs" : "leaseMs"),
      `does not fit: leaseMs (${leaseMs}) must be at least twice heartbeatMs (${heartbeatMs}), or leases expire between heartbeats`,
    );
  }
  const sweepIntervalMs = duration("sweepIntervalMs", 5_000, 50);
  const storeConcurrency = given.storeConcurrency ?? null;
  return {
    id: given.id === undefined ? random.uuid() : checkText(at("id"), given.id, { maxLength: 200 }),
    podId: given.podId === undefined ? null : checkText(at("podId"), given.podId, { maxLength: 200 }),
    recoverOnStart: flagOf(at("recoverOnStart"), given.recoverOnStart ?? true),
    pollIntervalMs: duration("pollIntervalMs", 1_000, 50),
    heartbeatMs,
    leaseMs,
    concurrency: whole("concurrency", 4, 1),
    storeConcurrency: checkIntegerOrNull(at("storeConcurrency"), storeConcurrency, { min: 1, max: 1_000_000_000 }),
    batchSize: checkInteger("store.batchSize", options.store.batchSize ?? 200, { min: 1, max: 1_000 }),
    sweepIntervalMs,
    sweepLimit: checkInteger(at("sweepLimit"), given.sweepLimit ?? 100, { min: 1, max: 10_000 }),
    watchdogMs: duration("watchdogMs", 0, 0),
    watchdogScanIntervalMs: duration("watchdogScanIntervalMs", sweepIntervalMs, 50),
    retentionPolicy: retentionOf(given, at),
    retentionScanIntervalMs: duration("retentionScanIntervalMs", 60_000, 1_000),
    stopWaitMs: duration("stopWaitMs", 25_000, 0),
    abortGraceMs: duration("abortGraceMs", 3_000, 0),
    maxBlockMs: duration("maxBlockMs", 60_000, 1_000),
  };
}

type NumberName = Exclude<
  keyof RunnerOptions,
  "id" | "podId" | "recoverOnStart" | "storeConcurrency" | "retentionPolicy"
>;

function flagOf(path: string, value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw optionError(path, `must be true or false, got ${JSON.stringify(value)}`);
}

function refuseOtherNames(prefix: string, given: object): void {
  for (const name of Object.keys(given)) {
    const ours = Object.hasOwn(otherNames, name) ? otherNames[name] : undefined;
    if (ours !== undefined) throw optionError(`${prefix}${name}`, `is called ${ours} here`);
  }
}

/** @throws `OPTION_INVALID` when a name has two values */
function mergedOptions(options: RunnerOptions, runner: RunnerOptions): RunnerOptions {
  const merged: Record<string, unknown> = {};
  for (const name of runnerNames) {
    const outer = options[name];
    const inner = runner[name];
    if (outer !== undefined && inner !== undefined && outer !== inner) {
      throw optionError(`runner.${name}`, `differs from ${name}: say it in one place`);
    }
    const value = inner ?? outer;
    if (value !== undefined) merged[name] = value;
  }
  return merged;
}

function retentionOf(
  given: RunnerOptions,
  at: (name: keyof RunnerOptions) => string,
): RunnerSettings["retentionPolicy"] {
  const policy = checkedRetention(given.retentionPolicy);
  if (given.journalKeepMs === undefined) return policy;
  const journalKeepMs = checkDuration(at("journalKeepMs"), given.journalKeepMs);
  return { journalKeepMs, ...policy };
}
