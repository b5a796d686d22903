import { isFinal, type TaskRecord, waitsAs } from "@millrace/models";
import { statusCode } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import { code as codes, flag, mayExpire } from "../row/task-flags.ts";
import type { StoredTask } from "../row/task-row.ts";
import { fullKeyOf, getKey } from "./key-rows.ts";
import type { StoreTransaction } from "./store-transaction.ts";

/** Where a task stands: its status as a number, and the key it is parked behind. */
export interface Place {
  readonly code: number;
  readonly parkedKey: string | null;
}

/** The sorts of `timer` rows; those of a task's own retention have the number of the status it ended with. */
export const timer = { wake: 1, startBy: 2, ended: 3 } as const;

const putDue: Sql = (n) => `insert or ignore into ${n.due} (kind, due_at, seq) values (?, ?, ?)`;
const dropDue: Sql = (n) => `delete from ${n.due} where kind = ? and due_at = ? and seq = ?`;
const putShelf: Sql = (n) => `insert or ignore into ${n.shelf} (status, kind, seq) values (?, ?, ?)`;
const dropShelf: Sql = (n) => `delete from ${n.shelf} where status = ? and kind = ? and seq = ?`;
const putTimer: Sql = (n) => `insert or ignore into ${n.timer} (type, at, seq) values (?, ?, ?)`;
const dropTimer: Sql = (n) => `delete from ${n.timer} where type = ? and at = ? and seq = ?`;
const putKeyed: Sql = (n) => `
insert or ignore into ${n.keyed} (parked, tenant_id, key, kind, rank, scheduled_at, id, seq) values (?, ?, ?, ?, ?, ?, ?, ?)`;
const dropKeyed: Sql = (n) => `
delete from ${n.keyed}
where parked = ? and tenant_id = ? and key = ? and kind = ? and rank = ? and scheduled_at = ? and id = ?`;
const putSupersede: Sql = (n) => `insert or ignore into ${n.supersede} (tenant_id, kind, key, seq) values (?, ?, ?, ?)`;
const dropSupersede: Sql = (n) => `delete from ${n.supersede} where tenant_id = ? and kind = ? and key = ? and seq = ?`;
const betterReady: Sql = (n) => `
select count(*) from (
  select 1 from ${n.keyed}
  where parked = 0 and tenant_id = ? and key = ? and kind = ? and (rank, scheduled_at, id) < (?, ?, ?) limit ?)`;

/**
 * Where a task belongs after a move. A queued one that is not due, or has a full key, is kept where no claim meets it;
 * one whose key has as many ready tasks before it as may run at all is parked too: one of those takes the key
 * first, and gives the next its turn when it ends.
 */
export function placeOf(tx: StoreTransaction, task: TaskRecord, flags: number): Place {
  if (task.status !== "queued") return { code: statusCode(task.status), parkedKey: null };
  if (task.scheduledAt > tx.now) return { code: codes.notDue, parkedKey: null };
  if ((flags & flag.keys) === 0) return { code: codes.queued, parkedKey: null };
  const full = fullKeyOf(tx, task);
  if (full !== null) return { code: codes.parked, parkedKey: full };
  const [first] = task.concurrencyKeys;
  if (first === undefined || task.concurrencyKeys.length > 1) return { code: codes.queued, parkedKey: null };
  const limit = getKey(tx, task.tenantId, first.key)?.limit ?? first.limit;
  const { tenantId, kind, priority, scheduledAt, id } = task;
  const before = tx.use(betterReady).get(tenantId, first.key, kind, -priority, scheduledAt, id, limit);
  const isBehind = Number(before?.[0] ?? 0) >= limit;
  return isBehind ? { code: codes.parked, parkedKey: first.key } : { code: codes.queued, parkedKey: null };
}

/** A task on its way from one place to another; null = it is not stored there. */
export interface EntryMove {
  readonly before: StoredTask | null;
  readonly after: StoredTask | null;
  readonly parkedKey: string | null;
}

/** Keeps the small tables by which tasks are found in step with the task's row. */
export function moveEntries(tx: StoreTransaction, { before, after, parkedKey }: EntryMove): void {
  const old = before ? entriesOf(before) : [];
  const wanted = after ? entriesOf(after) : [];
  for (const entry of old) if (!wanted.some((other) => isSame(entry, other))) drop(tx, entry);
  for (const entry of wanted) if (!old.some((other) => isSame(entry, other))) put(tx, entry);
  const isKeyed = ((before?.flags ?? 0) | (after?.flags ?? 0)) & flag.keys;
  if (isKeyed) moveKeyed(tx, { before, after, parkedKey });
}

type Entry =
  | {
      readonly table: "due" | "shelf" | "timer";
      readonly a: number | string;
      readonly b: number | string;
      readonly seq: number;
    }
  | { readonly table: "supersede"; readonly a: string; readonly b: string; readonly key: string; readonly seq: number };

function entriesOf({ seq, flags, code, task }: StoredTask): readonly Entry[] {
  const entries: Entry[] = [];
  if (code <= 0 || code === 4 || code === 5) entries.push({ table: "shelf", a: code, b: task.kind, seq });
  if (code === codes.notDue) entries.push({ table: "due", a: task.kind, b: task.scheduledAt, seq });
  if (flags & flag.loose && task.wakeAt !== null && waitsAs(task) !== null) {
    entries.push({ table: "timer", a: timer.wake, b: task.wakeAt, seq });
  }
  if (flags & flag.expires && mayExpire(task) && task.expiresAt !== null) {
    entries.push({ table: "timer", a: timer.startBy, b: task.expiresAt, seq });
  }
  if (flags & flag.retained && task.finishedAt !== null && task.retainForMs !== null && task.retainForMs >= 0) {
    entries.push({ table: "timer", a: code, b: task.finishedAt + task.retainForMs, seq });
  }
  if (flags & flag.ending) {
    entries.push({ table: "timer", a: timer.ended, b: task.finishedAt ?? task.updatedAt, seq });
  }
  if (flags & flag.supersede && task.supersedeKey !== null && !isFinal(task.status)) {
    entries.push({ table: "supersede", a: task.tenantId, b: task.kind, key: task.supersedeKey, seq });
  }
  return entries;
}

function isSame(a: Entry, b: Entry): boolean {
  return a.table === b.table && a.a === b.a && a.b === b.b;
}

function put(tx: StoreTransaction, entry: Entry): void {
  if (entry.table === "supersede") tx.use(putSupersede).run(entry.a, entry.b, entry.key, entry.seq);
  else tx.use({ due: putDue, shelf: putShelf, timer: putTimer }[entry.table]).run(entry.a, entry.b, entry.seq);
}

function drop(tx: StoreTransaction, entry: Entry): void {
  if (entry.table === "supersede") tx.use(dropSupersede).run(entry.a, entry.b, entry.key, entry.seq);
  else tx.use({ due: dropDue, shelf: dropShelf, timer: dropTimer }[entry.table]).run(entry.a, entry.b, entry.seq);
}

function moveKeyed(tx: StoreTransaction, { before, after, parkedKey }: EntryMove): void {
  if (before && Math.abs(before.code) === 1) dropKeyedOf(tx, before);
  if (!after || Math.abs(after.code) !== 1) return;
  const { task, seq } = after;
  const place = keyedPlace(after);
  const key = place === keyed.parked ? parkedKey : (task.concurrencyKeys[0]?.key ?? null);
  if (key === null) return;
  const { tenantId, kind, priority, scheduledAt, id } = task;
  tx.use(putKeyed).run(place, tenantId, key, kind, -priority, scheduledAt, id, seq);
}

/** The sorts of `keyed` rows. */
const keyed = { next: 0, parked: 1, maybe: 2 } as const;

function keyedPlace(stored: StoredTask): number {
  if (stored.code === codes.parked) return keyed.parked;
  return isSureToTake(stored) ? keyed.next : keyed.maybe;
}

/**
 * Whether a claim that meets this task will take its key. One that it may have to leave (because it may have expired, must
 * run alone, or has a second key that is full) gives nobody behind it a turn, so nobody waits on its account.
 */
export function isSureToTake({ flags, task }: Pick<StoredTask, "flags" | "task">): boolean {
  return task.concurrencyKeys.length === 1 && (flags & (flag.expires | flag.suspect)) === 0;
}

// Which of its keys a parked task stands behind is not in its row; at most four have to be tried.
function dropKeyedOf(tx: StoreTransaction, stored: StoredTask): void {
  const place = keyedPlace(stored);
  const { tenantId, kind, priority, scheduledAt, id, concurrencyKeys } = stored.task;
  for (const { key } of concurrencyKeys) {
    tx.use(dropKeyed).run(place, tenantId, key, kind, -priority, scheduledAt, id);
  }
}
