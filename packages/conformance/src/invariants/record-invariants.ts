import { isFinal, isLeased, type TaskRecord } from "@millrace/models";
import { isRetryByHand } from "./journal-invariants.ts";
import type { TaskHistory, Tell } from "./task-history.ts";

/** I4, I11 and what a record must look like in its status. */
export function checkRecord(task: TaskHistory, tell: Tell): void {
  const { record } = task;
  if (record === null) return;
  checkLease(record, tell);
  checkWaits(record, tell);
  if (isFinal(record.status) !== (record.finishedAt !== null)) {
    tell("I2", `it is ${record.status} and finishedAt is ${record.finishedAt}`);
  }
  if (record.maxInterruptions !== null && record.interruptions > Math.max(1, record.maxInterruptions)) {
    tell("I11", `${record.interruptions} interruptions, at most ${record.maxInterruptions} are allowed`);
  }
  if (!task.isCut) checkCounters(task, record, tell);
}

function checkLease(record: TaskRecord, tell: Tell): void {
  const columns = [record.hostId, record.leaseToken, record.leaseExpiresAt];
  const held = columns.filter((column) => column !== null).length;
  if (held !== (isLeased(record.status) ? columns.length : 0)) {
    tell("I4", `it is ${record.status} and ${held} of its 3 lease columns are set`);
  }
  if (record.status === "running" && !record.started) tell("I4", "it is running and was never started");
  if (record.status === "claimed" && record.started) tell("I4", "it is claimed and started is set");
}

function checkWaits(record: TaskRecord, tell: Tell): void {
  if ((record.status === "paused") !== (record.pausedFrom !== null)) {
    tell("I8", `it is ${record.status} and pausedFrom is ${record.pausedFrom}`);
  }
  const waits = record.status === "paused" ? record.pausedFrom : record.status;
  const mayWait = waits === "blocked" || waits === "suspended";
  if (!mayWait && (record.openDependencies !== 0 || record.wakeAt !== null || record.waitSignal !== null)) {
    tell("I8", `it is ${record.status} and still waits: ${record.openDependencies} open, wakeAt ${record.wakeAt}`);
  }
  if (waits === "blocked" && record.openDependencies <= 0) tell("I8", "it is blocked and waits for nothing");
  if (waits === "suspended" && record.reason === "children" && record.openDependencies <= 0) {
    tell("I8", "it waits for children and none is open");
  }
}

interface Counters {
  failures: number;
  interruptions: number;
  releases: number;
  snoozes: number;
}

function checkCounters(task: TaskHistory, record: TaskRecord, tell: Tell): void {
  const counted: Counters = { failures: 0, interruptions: 0, releases: 0, snoozes: 0 };
  for (const event of task.events) {
    const wasRunning = event.statusBefore === "running" ? 1 : 0;
    if (isRetryByHand(event)) {
      counted.failures = 0;
      counted.interruptions = 0;
    } else if (event.type === "retried") counted.failures += 1;
    else if (event.type === "released") counted.releases += 1;
    else if (event.type === "snoozed") counted.snoozes += 1;
    else if (event.type === "lease_lost" || event.type === "quarantined") counted.interruptions += wasRunning;
    else if (event.type === "failed" && event.reason === "TASK_LEASE_EXPIRED") counted.interruptions += wasRunning;
    else if (event.type === "failed" && event.reason !== "TASK_DEPENDENCY_FAILED") counted.failures += 1;
  }
  for (const name of ["failures", "releases", "snoozes"] as const) {
    if (record[name] !== counted[name]) tell("I11", `${name} is ${record[name]}, the journal counts ${counted[name]}`);
  }
  // The journal cannot tell a cancel by the owner from one by expiry, and only the latter counts as an interruption.
  const slack = record.status === "cancelled" ? 1 : 0;
  const extra = record.interruptions - counted.interruptions;
  if (extra < 0 || extra > slack) {
    tell("I11", `interruptions is ${record.interruptions}, the journal counts ${counted.interruptions}`);
  }
}
