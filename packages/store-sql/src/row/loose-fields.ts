import { type EncodedValue, noProgress, type StoredValue, type TaskProgress, type TaskRecord } from "@millrace/models";
import { deepFrozen } from "./deep-frozen.ts";

/** What may change but seldom does. */
export type LooseFields = Pick<
  TaskRecord,
  | "reason"
  | "expiresAt"
  | "failure"
  | "failureFingerprint"
  | "state"
  | "stage"
  | "interruptions"
  | "releases"
  | "snoozes"
  | "suspect"
  | "pausedFrom"
  | "pausedBy"
  | "pausedWhy"
  | "openDependencies"
  | "waitSignal"
  | "wakeAt"
  | "wakeReason"
  | "wakePayload"
  | "waitAborted"
  | "staleAt"
  | "staleReason"
  | "cancelRequestedAt"
  | "cancelReason"
  | "cancelledBy"
> & {
  readonly progress: TaskProgress | null;
  /** Of the attempt before the current one; the row has the token of the current one. */
  readonly lastLeaseToken: string | null;
};

/** What a task has of which nothing has happened. */
const usualLoose: LooseFields = Object.freeze({
  reason: null,
  expiresAt: null,
  failure: null,
  failureFingerprint: null,
  state: null,
  stage: 0,
  interruptions: 0,
  releases: 0,
  snoozes: 0,
  suspect: false,
  pausedFrom: null,
  pausedBy: null,
  pausedWhy: null,
  openDependencies: 0,
  waitSignal: null,
  wakeAt: null,
  wakeReason: null,
  wakePayload: null,
  waitAborted: false,
  staleAt: null,
  staleReason: null,
  cancelRequestedAt: null,
  cancelReason: null,
  cancelledBy: null,
  progress: null,
  lastLeaseToken: null,
});

const names = Object.keys(usualLoose) as (keyof LooseFields)[];
const values: ReadonlySet<string> = new Set(["failure", "state", "wakePayload"]);

/** The JSON of what differs from the usual; null when nothing does. */
export function looseToColumn(task: TaskRecord): string | null {
  let found: Record<string, unknown> | null = null;
  for (const name of names) {
    const value = looseValue(task, name);
    if (value === usualLoose[name]) continue;
    found ??= {};
    found[name] = values.has(name) ? packed(value as StoredValue) : value;
  }
  return found === null ? null : JSON.stringify(found);
}

function looseValue(task: TaskRecord, name: keyof LooseFields): unknown {
  if (name === "progress") return isUsualProgress(task) ? null : task.progress;
  if (name === "lastLeaseToken") return task.leaseToken === null ? null : task.lastLeaseToken;
  return task[name];
}

/** A task that has succeeded stands at 100 per cent since its end; any other at nothing. */
function isUsualProgress(task: TaskRecord): boolean {
  const { progress } = task;
  if (progress.label !== null || progress.meta !== null) return false;
  return task.status === "succeeded"
    ? progress.percent === 100 && progress.updatedAt === task.finishedAt
    : progress.percent === null && progress.updatedAt === null;
}

/** The progress of a row that says nothing of it. */
export function usualProgress(status: TaskRecord["status"], finishedAt: number | null): TaskProgress {
  if (status !== "succeeded") return noProgress;
  return Object.freeze({ percent: 100, label: null, meta: null, updatedAt: finishedAt });
}

/** What `looseToColumn` was given. */
export function looseOfColumn(column: string | null): LooseFields {
  if (column === null) return usualLoose;
  const found = JSON.parse(column) as Record<string, unknown>;
  for (const name of values) if (found[name] !== undefined) found[name] = unpacked(found[name]);
  deepFrozen(found["progress"]);
  return { ...usualLoose, ...found };
}

function packed(value: StoredValue): unknown {
  return typeof value === "string" ? value : [value.codecId, Buffer.from(value.bytes).toString("base64")];
}

function unpacked(value: unknown): StoredValue | null {
  if (!Array.isArray(value)) return value as string | null;
  const [codecId, base64] = value as [string, string];
  const encoded: EncodedValue = { codecId, bytes: new Uint8Array(Buffer.from(base64, "base64")) };
  return encoded;
}
