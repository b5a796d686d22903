import type { ConcurrencyKey, JsonObject, TaskOrigin, TaskRecord, TaskRetry } from "@millrace/models";
import { deepFrozen } from "./deep-frozen.ts";

/** What is said of a task once, when it is enqueued. */
export type FixedFields = Pick<
  TaskRecord,
  | "kindVersion"
  | "metadata"
  | "context"
  | "logContext"
  | "traceParent"
  | "summary"
  | "tags"
  | "channels"
  | "origin"
  | "parentId"
  | "flowId"
  | "dedupeKey"
  | "dedupeUntil"
  | "supersedeKey"
  | "concurrencyKeys"
  | "retry"
  | "timeoutMs"
  | "watchdogMs"
  | "retainForMs"
  | "maxInterruptions"
  | "afterCrash"
> & {
  /** Null: the task is its own root. */
  readonly rootId: string | null;
};

const nothing: JsonObject = Object.freeze({});
const noTexts: readonly string[] = Object.freeze([]);
const noKeys: readonly ConcurrencyKey[] = Object.freeze([]);
const noRetry: TaskRetry = Object.freeze({});
const noWords: Readonly<Record<string, string>> = Object.freeze({});
const client: TaskOrigin = Object.freeze({ type: "client", id: null });

/** What a task has of which nothing was said. */
export const usualFixed: FixedFields = Object.freeze({
  kindVersion: 1,
  metadata: nothing,
  context: noWords,
  logContext: noWords,
  traceParent: null,
  summary: null,
  tags: noTexts,
  channels: noTexts,
  origin: client,
  rootId: null,
  parentId: null,
  flowId: null,
  dedupeKey: null,
  dedupeUntil: null,
  supersedeKey: null,
  concurrencyKeys: noKeys,
  retry: noRetry,
  timeoutMs: null,
  watchdogMs: null,
  retainForMs: null,
  maxInterruptions: 3,
  afterCrash: "retry",
});

/** The JSON of what differs from the usual; null when nothing does. */
export function fixedToColumn(task: TaskRecord): string | null {
  const isUsual =
    task.kindVersion === 1 &&
    task.rootId === task.id &&
    task.maxInterruptions === 3 &&
    task.afterCrash === "retry" &&
    task.origin.type === "client" &&
    task.origin.id === null &&
    task.tags.length === 0 &&
    task.channels.length === 0 &&
    task.concurrencyKeys.length === 0 &&
    (task.summary ?? task.traceParent ?? task.parentId ?? task.flowId) === null &&
    (task.dedupeKey ?? task.supersedeKey ?? task.dedupeUntil) === null &&
    (task.timeoutMs ?? task.watchdogMs ?? task.retainForMs) === null &&
    isEmpty(task.metadata) &&
    isEmpty(task.context) &&
    isEmpty(task.logContext) &&
    isEmpty(task.retry);
  return isUsual ? null : JSON.stringify(differing(task));
}

function differing(task: TaskRecord): Readonly<Record<string, unknown>> {
  const fields: FixedFields = { ...task, rootId: task.rootId === task.id ? null : task.rootId };
  const found: Record<string, unknown> = {};
  for (const name of Object.keys(usualFixed) as (keyof FixedFields)[]) {
    const value = fields[name];
    if (value !== usualFixed[name] && !isEmpty(value)) found[name] = value;
  }
  return found;
}

// No field has an empty list or object that differs from its usual value.
function isEmpty(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  for (const name in value) if (Object.hasOwn(value, name)) return false;
  return true;
}

const parsed = new Map<string, FixedFields>();

/** What `fixedToColumn` was given. Tasks enqueued alike share the objects, which are frozen. */
export function fixedOfColumn(column: string | null): FixedFields {
  if (column === null) return usualFixed;
  const known = parsed.get(column);
  if (known) return known;
  const fields = deepFrozen({ ...usualFixed, ...(JSON.parse(column) as Partial<FixedFields>) });
  if (column.length < 2_000) remember(column, fields);
  return fields;
}

function remember(column: string, fields: FixedFields): void {
  if (parsed.size >= 500) parsed.clear();
  parsed.set(column, fields);
}
