import { isFinal, isLeased, type TaskRecord } from "@millrace/models";

/** What can be special about a task, as bits of one number. A plain task has none. */
export const flag = {
  /** Has concurrency keys. */
  keys: 1,
  /** Another task waits for it, or did. */
  waitedFor: 2,
  /** Says itself how long it is kept after its end. */
  retained: 4,
  /** Has had signals. */
  signals: 8,
  /** Has not begun and may expire. */
  expires: 16,
  suspect: 32,
  /** Its input lies in a table of its own. */
  input: 64,
  /** Can be found by a tag, channel, parent, root, flow, origin or key. */
  labels: 128,
  /** Waits for other tasks, or did. */
  waits: 256,
  /** Has rows of steps, attempts or memos. */
  rows: 512,
  /** Has, or had, a dedupe key. */
  dedupe: 1024,
  /** Something of it lies in the table of what seldom changes. */
  loose: 2048,
  /** Has a supersede key. */
  supersede: 4096,
  /** Has ended, and those that wait for it have yet to hear of it. */
  ending: 8192,
} as const;

/** Bits that mean nothing to a claim: a task with only these, in its first attempt, is claimed by the short statement. */
export const plainToClaim: number =
  flag.waitedFor | flag.retained | flag.signals | flag.labels | flag.rows | flag.dedupe | flag.supersede | flag.input;

/** Bits that mean nothing to a success: a task with only these is settled by the short statement. */
export const plainToSucceed: number = flag.labels | flag.rows | flag.dedupe | flag.input | flag.expires;

/** Statuses as numbers where they are more than the models' own: two sorts of queued that no claim must meet. */
export const code = { parked: -1, notDue: -2, queued: 1, claimed: 2, running: 3, succeeded: 6, failed: 7 } as const;

/** The flags that follow from a record; those that stand for rows elsewhere are kept from before. */
export function flagsOf(task: TaskRecord, before: number, hasLoose: boolean): number {
  const kept =
    before & (flag.waitedFor | flag.signals | flag.input | flag.waits | flag.rows | flag.labels | flag.ending);
  return (
    kept |
    (task.concurrencyKeys.length > 0 ? flag.keys : 0) |
    (task.retainForMs === null ? 0 : flag.retained) |
    (mayExpire(task) ? flag.expires : 0) |
    (task.suspect ? flag.suspect : 0) |
    (task.dedupeKey === null ? 0 : flag.dedupe) |
    (task.supersedeKey === null ? 0 : flag.supersede) |
    (hasLoose ? flag.loose : 0)
  );
}

/** Whether `expiresAt` still counts. */
export function mayExpire(task: TaskRecord): boolean {
  return task.attempt === 0 && task.expiresAt !== null && !isFinal(task.status) && !isLeased(task.status);
}

/** The number under which a task is counted: a not-due one that has failed before is counted apart, as `retrying`. */
export function countCode(stored: { readonly code: number; readonly task: Pick<TaskRecord, "failures"> }): number {
  return stored.code === code.notDue && stored.task.failures > 0 ? notDueAgain : stored.code;
}

/** Counts only: not due, after a failure. */
export const notDueAgain: number = -3;
