import { isFinal, isLeased, type TaskRecord } from "@millrace/models";

/** What can be special about a task, as bits of one number. A plain task has none. */
export const flag = {
  /** Has concurrency keys. */
  keys: 1,
  /** Another task waits for it, or did. */
  waitedFor: 2,
  /** Is removed, or has a time of its own to be removed, after its end. */
  retained: 4,
  /** Has had signals. */
  signals: 8,
  /** Has not begun and may expire. */
  expires: 16,
  suspect: 32,
  /** Has more than one concurrency key. */
  manyKeys: 64,
  /** Can be found by a tag, channel, parent, root, flow, origin or key. */
  labels: 128,
  /** Waits for other tasks, or did. */
  waits: 256,
  /** Has rows of steps, attempts or memos. */
  rows: 512,
  /** Has, or had, a dedupe key. */
  dedupe: 1024,
  /** Something of it lies in the column of what seldom changes. */
  loose: 2048,
  /** Has a supersede key. */
  supersede: 4096,
  /** Says of itself how long it is kept, be it for ever. */
  keptByItself: 8192,
  /** Somebody wants it to stop. */
  cancelRequested: 16384,
  /** The watchdog has labelled it. */
  stale: 32768,
  /** Has ended, and those that wait for it have yet to hear of it. */
  ending: 65536,
} as const;

/** Bits that a claim must look at: a task with any of them is left to the long way. */
export const specialToClaim: number = flag.keys | flag.expires | flag.suspect;

/** Bits that mean that something must follow a success: a task with any of them is left to the long way. */
export const specialToSucceed: number =
  flag.keys | flag.waitedFor | flag.retained | flag.signals | flag.suspect | flag.waits | flag.loose | flag.supersede;

/** Bits of a parked task that may not take its key when it is free. */
export const unsureToTake: number = flag.expires | flag.suspect | flag.manyKeys;

/** Where a queued task stands. */
export const place = { ready: 0, parked: 1, notDue: 2 } as const;

/** The flags that follow from a record; those that stand for rows elsewhere are kept from before. */
export function flagsOf(task: TaskRecord, before: number, hasLoose: boolean): number {
  const kept = before & (flag.waitedFor | flag.signals | flag.waits | flag.rows | flag.labels | flag.ending);
  return (
    kept |
    (task.concurrencyKeys.length > 0 ? flag.keys : 0) |
    (task.concurrencyKeys.length > 1 ? flag.manyKeys : 0) |
    (task.retainForMs !== null && task.retainForMs >= 0 ? flag.retained : 0) |
    (task.retainForMs === null ? 0 : flag.keptByItself) |
    (mayExpire(task) ? flag.expires : 0) |
    (task.suspect ? flag.suspect : 0) |
    (task.dedupeKey === null ? 0 : flag.dedupe) |
    (task.supersedeKey === null ? 0 : flag.supersede) |
    (task.cancelRequestedAt === null ? 0 : flag.cancelRequested) |
    (task.staleAt === null ? 0 : flag.stale) |
    (hasLoose ? flag.loose : 0)
  );
}

/** Whether `expiresAt` still counts. */
export function mayExpire(task: TaskRecord): boolean {
  return task.attempt === 0 && task.expiresAt !== null && !isFinal(task.status) && !isLeased(task.status);
}
