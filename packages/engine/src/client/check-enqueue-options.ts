import {
  isTaskId,
  parseBackoff,
  TaskError,
  type ConcurrencyKey,
  type DedupePolicy,
  type Dependency,
  type EnqueueOptions,
  type EpochMs,
  type TaskOrigin,
} from "@millrace/models";
import {
  checkDuration,
  checkInteger,
  checkIntegerOrNull,
  checkKeys,
  checkText,
  checkWord,
  longestMs,
  optionError,
  shown,
} from "./option-check.ts";

const optionNames: ReadonlySet<string> = new Set<keyof EnqueueOptions>([
  "id",
  "tenantId",
  "metadata",
  "context",
  "logContext",
  "traceParent",
  "summary",
  "tags",
  "channels",
  "priority",
  "scheduledAt",
  "delayMs",
  "expiresAt",
  "expiresInMs",
  "dedupeKey",
  "dedupePolicy",
  "dedupeForMs",
  "debounceMs",
  "throttleMs",
  "supersedeKey",
  "supersedeExisting",
  "concurrencyKey",
  "concurrencyKeys",
  "maxAttempts",
  "backoff",
  "timeoutMs",
  "watchdogMs",
  "retainForMs",
  "waitFor",
  "waitTimeoutMs",
  "origin",
  "flowId",
  "allowUnknownKinds",
]);
const keyLength = 500;
const noKeys: readonly ConcurrencyKey[] = Object.freeze([]);
const noDependencies: readonly Dependency[] = Object.freeze([]);
const dedupePolicies: readonly DedupePolicy[] = ["reuse", "reject", "replace"];
const originTypes: readonly TaskOrigin["type"][] = ["client", "schedule", "trigger", "flow", "task", "bulk"];

/** What a caller says who says nothing. */
export const noOptions: EnqueueOptions = Object.freeze({});

/** Refuses what no task may be given. @throws `OPTION_INVALID` or `TASK_ID_INVALID`, with `details.path`. */
export function checkEnqueueOptions(options: EnqueueOptions): void {
  if (options === noOptions) return;
  checkKeys("options", options, optionNames);
  if (options.id !== undefined && !isTaskId(options.id)) {
    throw optionError("options.id", `must be a lower-case UUID, got ${shown(options.id)}`, "TASK_ID_INVALID");
  }
  if (options.tenantId !== undefined && options.tenantId !== "")
    checkText("options.tenantId", options.tenantId, { maxLength: 200 });
  if (options.priority !== undefined) {
    checkInteger("options.priority", options.priority, { min: -32_768, max: 32_767 });
  }
  checkTimes(options);
  checkKeyOptions(options);
  checkRunOptions("options", options);
  if (options.origin) checkWord("options.origin.type", options.origin.type, originTypes);
  if (options.flowId !== undefined) checkText("options.flowId", options.flowId, { maxLength: 200 });
  if (options.waitTimeoutMs !== undefined && options.waitTimeoutMs !== null) {
    checkDuration("options.waitTimeoutMs", options.waitTimeoutMs);
  }
}

/** What a task and a kind may both say of how they are run. @throws `OPTION_INVALID` with `details.path`. */
export function checkRunOptions(
  path: string,
  options: Pick<EnqueueOptions, "maxAttempts" | "backoff" | "timeoutMs" | "watchdogMs" | "retainForMs">,
): void {
  const { maxAttempts, timeoutMs, watchdogMs, retainForMs } = options;
  if (maxAttempts !== undefined) {
    checkIntegerOrNull(`${path}.maxAttempts`, maxAttempts, { min: 1, max: 1_000_000 });
  }
  if (options.backoff !== undefined) parseBackoff(options.backoff, `${path}.backoff`);
  if (timeoutMs !== undefined) checkIntegerOrNull(`${path}.timeoutMs`, timeoutMs, { min: 1, max: longestMs });
  if (watchdogMs !== undefined) checkIntegerOrNull(`${path}.watchdogMs`, watchdogMs, { min: 1, max: longestMs });
  if (retainForMs !== undefined) checkIntegerOrNull(`${path}.retainForMs`, retainForMs, { min: -1, max: longestMs });
}

function checkTimes(options: EnqueueOptions): void {
  if (options.scheduledAt !== undefined && options.delayMs !== undefined) {
    throw optionError("options.delayMs", "cannot be given together with scheduledAt");
  }
  if (options.expiresAt !== undefined && options.expiresInMs !== undefined) {
    throw optionError("options.expiresInMs", "cannot be given together with expiresAt");
  }
  if (options.delayMs !== undefined) checkDuration("options.delayMs", options.delayMs);
  if (options.expiresInMs !== undefined) checkDuration("options.expiresInMs", options.expiresInMs, 1);
}

function checkKeyOptions(options: EnqueueOptions): void {
  const { dedupeKey, dedupePolicy, supersedeKey } = options;
  if (dedupeKey !== undefined) checkText("options.dedupeKey", dedupeKey, { maxLength: keyLength });
  if (dedupePolicy !== undefined) checkWord("options.dedupePolicy", dedupePolicy, dedupePolicies);
  for (const name of ["dedupeForMs", "debounceMs", "throttleMs"] as const) {
    const value = options[name];
    if (value === undefined) continue;
    checkDuration(`options.${name}`, value, 1);
    if (dedupeKey === undefined) throw optionError(`options.${name}`, "needs a dedupeKey");
  }
  if (options.throttleMs !== undefined && (options.dedupeForMs !== undefined || options.debounceMs !== undefined)) {
    throw optionError("options.throttleMs", "cannot be given together with dedupeForMs or debounceMs");
  }
  if (dedupePolicy !== undefined && dedupePolicy !== "reuse" && options.throttleMs !== undefined) {
    throw optionError("options.dedupePolicy", "must be reuse when throttleMs is given");
  }
  if (supersedeKey !== undefined) checkText("options.supersedeKey", supersedeKey, { maxLength: keyLength });
  if (options.supersedeExisting === true && supersedeKey === undefined) {
    throw optionError("options.supersedeExisting", "needs a supersedeKey");
  }
}

/** Both forms as one list, sorted by key: every store takes keys in the same order. */
export function concurrencyKeysOf(options: EnqueueOptions): readonly ConcurrencyKey[] {
  if (options.concurrencyKey === undefined && options.concurrencyKeys === undefined) return noKeys;
  const byKey = new Map<string, ConcurrencyKey>();
  const given = [
    ...(options.concurrencyKey === undefined ? [] : [options.concurrencyKey]),
    ...(options.concurrencyKeys ?? []),
  ];
  for (const [index, item] of given.entries()) {
    const path = `options.concurrencyKeys[${index}]`;
    const key = checkText(path, typeof item === "string" ? item : item.key, { maxLength: keyLength });
    const limit =
      typeof item === "string" ? 1 : checkInteger(`${path}.limit`, item.limit ?? 1, { min: 1, max: 1_000_000 });
    byKey.set(key, { key, limit });
  }
  if (byKey.size > 4) throw optionError("options.concurrencyKeys", `may hold at most 4 keys, got ${byKey.size}`);
  return [...byKey.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

/** The dependencies with their defaults. */
export function dependenciesOf(options: EnqueueOptions): readonly Dependency[] {
  const given = options.waitFor;
  if (given === undefined) return noDependencies;
  if (given.length > 10_000) throw optionError("options.waitFor", `may hold at most 10000 tasks, got ${given.length}`);
  return given.map((item, index) => {
    const path = `options.waitFor[${index}]`;
    const dependency = typeof item === "string" ? { taskId: item } : item;
    if (!isTaskId(dependency.taskId)) throw optionError(path, "must be a task id", "TASK_ID_INVALID");
    const onFailure = checkWord(`${path}.onFailure`, dependency.onFailure ?? "continue", [
      "continue",
      "abort",
      "fail",
    ] as const);
    return { taskId: dependency.taskId, onFailure };
  });
}

/** Reads ISO text, a Date or epoch milliseconds. @throws `OPTION_INVALID` */
export function parseTime(path: string, value: string | Date | EpochMs | undefined): EpochMs | null {
  if (value === undefined) return null;
  const at = typeof value === "number" ? value : value instanceof Date ? value.getTime() : Date.parse(value);
  if (Number.isFinite(at) && at >= 0 && at <= 8_640_000_000_000_000) return Math.round(at);
  throw new TaskError(
    "OPTION_INVALID",
    `${path} must be ISO text, a Date or epoch milliseconds, got ${shown(value)}.`,
    {
      details: { path },
    },
  );
}
