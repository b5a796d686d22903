import { isFinal, isLeased, legalMoves, type LegalMove, type TaskEvent, type TaskEventType } from "@millrace/models";
import type { TaskHistory, Tell } from "./task-history.ts";

// Told with a version of their own, but no move of the table: the status stays (a removal ends it).
const toldWithoutMove: ReadonlySet<TaskEventType> = new Set(["stale", "signalled", "checkpoint"]);

/** I2, I4, I5, I6, I9, I13, I14: what the journal of one task must say whatever happened. */
export function checkJournal(task: TaskHistory, tell: Tell): void {
  let before: TaskEvent | null = null;
  let isCancelAsked = false;
  for (const event of task.events) {
    checkVersion(task, { event, before }, tell);
    checkStatus({ event, before }, tell);
    checkAttempt({ event, before }, tell);
    if (event.type === "claimed" && isCancelAsked) {
      tell("I14", `attempt ${event.attempt} began at version ${event.version} after a cancel was acknowledged`);
    }
    if (event.type === "cancel_requested" || event.statusAfter === "cancelled") isCancelAsked = true;
    if (isRetryByHand(event)) isCancelAsked = false;
    before = event;
  }
  checkEnd(task, before, tell);
}

/** M16: the only way out of a final status but removal. */
export function isRetryByHand(event: TaskEvent): boolean {
  return event.type === "retried" && event.statusBefore !== null && isFinal(event.statusBefore);
}

interface Pair {
  readonly event: TaskEvent;
  readonly before: TaskEvent | null;
}

function checkVersion(task: TaskHistory, { event, before }: Pair, tell: Tell): void {
  if (before === null) {
    if (task.isCut) return;
    if (event.type !== "enqueued") tell("I9", `its first event is ${event.type}, not enqueued`);
    if (event.version !== 1) tell("I9", `its first event has version ${event.version}, not 1`);
    return;
  }
  if (event.type === "enqueued") tell("I13", `enqueued again at version ${event.version}`);
  if (before.type === "removed") tell("I2", `${event.type} was told after removed`);
  if (event.version !== before.version + 1) {
    tell("I9", `version ${event.version} (${event.type}) follows ${before.version} (${before.type})`);
  }
}

function checkStatus({ event, before }: Pair, tell: Tell): void {
  const was = event.statusBefore;
  if (before !== null && was !== before.statusAfter) {
    tell("I5", `${event.type} (${event.version}) says it was ${was}, but ${before.type} left ${before.statusAfter}`);
  }
  const isFinalBefore = was !== null && isFinal(was);
  if (isFinalBefore && event.type !== "removed" && !isRetryByHand(event)) {
    tell("I2", `${event.type} (${event.version}) changed a task that was ${was}`);
  }
  if (event.type === "removed" || (toldWithoutMove.has(event.type) && was === event.statusAfter)) return;
  if (!legalMoves.some((move) => allows(move, event))) {
    tell("I5", `${event.type} (${event.version}) from ${was ?? "nothing"} to ${event.statusAfter} is no legal move`);
  }
}

function allows(move: LegalMove, event: TaskEvent): boolean {
  const { statusBefore: was, statusAfter: became } = event;
  const isFrom = was === null ? move.from.length === 0 : move.from.includes(was);
  // A suspect's claim tells both `claimed` and `started`; M2 lists where both lead.
  return move.events.includes(event.type) && isFrom && became !== null && move.to.includes(became);
}

function checkAttempt({ event, before }: Pair, tell: Tell): void {
  if (before === null) return;
  const expected = event.type === "claimed" ? before.attempt + 1 : before.attempt;
  if (event.attempt !== expected) {
    tell("I5", `${event.type} (${event.version}) has attempt ${event.attempt}, expected ${expected}`);
  }
  const isLeasedBefore = event.statusBefore !== null && isLeased(event.statusBefore);
  if (event.type === "claimed" && isLeasedBefore) {
    tell("I6", `attempt ${event.attempt} began while attempt ${before.attempt} held the lease`);
  }
}

function checkEnd(task: TaskHistory, last: TaskEvent | null, tell: Tell): void {
  const { record } = task;
  if (record === null) {
    if (last !== null && last.type !== "removed")
      tell("I1", `its record is gone without removed; last is ${last.type}`);
    return;
  }
  if (last === null) {
    if (!task.isCut) tell("I9", "it has a record and no event");
    return;
  }
  if (last.type === "removed") tell("I1", "removed was told, and its record is there");
  if (last.version !== record.version)
    tell("I9", `the journal ends at ${last.version}, the record at ${record.version}`);
  if (last.statusAfter !== record.status)
    tell("I9", `the journal ends ${last.statusAfter}, the record is ${record.status}`);
  if (last.attempt !== record.attempt)
    tell("I9", `the journal ends at attempt ${last.attempt}, the record at ${record.attempt}`);
}
