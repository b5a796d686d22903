import { isFinal, isLeased, waitsAs } from "@millrace/models";
import { statusCode } from "@millrace/store-sql";
import type { Sql } from "../connection/session.ts";
import { flag, mayExpire } from "../row/task-flags.ts";
import type { StoredTask } from "../row/task-row.ts";
import type { StoreTransaction } from "./store-transaction.ts";

/** The sorts of `timer` rows; those of a task's own retention have the number of the status it ended with. */
export const timer = { wake: 1, startBy: 2, ended: 3 } as const;

const putTimer: Sql = (n) => `insert into ${n.timer} (type, at, id) values ($1, $2, $3) on conflict do nothing`;
const putResting: Sql = (n) => `
insert into ${n.resting} (status, kind, at, id, kept_by_itself, created_at) values ($1, $2, $3, $4, $5, $6)
on conflict do nothing`;
const asPut = "status = $1 and kind = $2 and at = $3 and kept_by_itself = $5 and created_at is not distinct from $6";
const dropResting: Sql = (n) => `delete from ${n.resting} where ${asPut} and id = $4`;
// One that succeeded may stand together with others. Whoever else shortens that row is waited for, and what is left of it shortened.
const shortenResting: Sql = (n) =>
  `update ${n.resting} set ids = array_remove(ids, $4) where ${asPut} and $4 = any(ids)`;
const dropSucceeded: Sql = (n) => `delete from ${n.resting} where ${asPut} and (id = $4 or ids = '{}')`;
const dropTimer: Sql = (n) => `delete from ${n.timer} where type = $1 and at = $2 and id = $3`;
const putSupersede: Sql = (n) =>
  `insert into ${n.supersede} (tenant_id, kind, key, id) values ($1, $2, $3, $4) on conflict do nothing`;
const dropSupersede: Sql = (n) =>
  `delete from ${n.supersede} where tenant_id = $1 and kind = $2 and key = $3 and id = $4`;

/** A row by which a task is found; putting and dropping it take the same values. */
interface Entry {
  readonly put: Sql;
  readonly drop: readonly Sql[];
  readonly values: readonly (string | number | boolean | null)[];
}

/** Keeps the small tables by which tasks are found in step with the task; null = it is not stored there. */
export function moveEntries(tx: StoreTransaction, before: StoredTask | null, after: StoredTask | null): void {
  const old = before ? entriesOf(before) : [];
  const wanted = after ? entriesOf(after) : [];
  for (const entry of old) {
    if (!wanted.some((other) => isSame(entry, other))) for (const drop of entry.drop) tx.write(drop, entry.values);
  }
  for (const entry of wanted) if (!old.some((other) => isSame(entry, other))) tx.write(entry.put, entry.values);
}

function entriesOf({ flags, task }: StoredTask): readonly Entry[] {
  const entries: Entry[] = [];
  const at = (type: number, time: number): void => {
    entries.push({ put: putTimer, drop: [dropTimer], values: [type, time, task.id] });
  };
  if (task.wakeAt !== null && waitsAs(task) !== null) at(timer.wake, task.wakeAt);
  if (mayExpire(task) && task.expiresAt !== null) at(timer.startBy, task.expiresAt);
  if (flags & flag.retained && task.finishedAt !== null && task.retainForMs !== null) {
    at(statusCode(task.status), task.finishedAt + task.retainForMs);
  }
  if (flags & flag.ending) at(timer.ended, task.finishedAt ?? task.updatedAt);
  if (task.supersedeKey !== null && !isFinal(task.status)) {
    const values = [task.tenantId, task.kind, task.supersedeKey, task.id];
    entries.push({ put: putSupersede, drop: [dropSupersede], values });
  }
  if (task.status !== "queued" && !isLeased(task.status)) {
    const isKeptByItself = (flags & flag.keptByItself) !== 0;
    const hasSucceeded = task.status === "succeeded";
    const createdAt = hasSucceeded ? null : task.createdAt;
    const values = [statusCode(task.status), task.kind, task.finishedAt ?? 0, task.id, isKeptByItself, createdAt];
    entries.push({ put: putResting, drop: hasSucceeded ? [shortenResting, dropSucceeded] : [dropResting], values });
  }
  return entries;
}

function isSame(a: Entry, b: Entry): boolean {
  return a.put === b.put && a.values.every((value, index) => value === b.values[index]);
}
