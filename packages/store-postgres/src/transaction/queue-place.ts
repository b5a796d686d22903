import type { TaskRecord } from "@millrace/models";
import type { Sql } from "../connection/session.ts";
import { place as places, unsureToTake } from "../row/task-flags.ts";
import type { StoredTask } from "../row/task-row.ts";
import { keyId } from "./key-rows.ts";
import type { StoreTransaction } from "./store-transaction.ts";

const insertQueued: Sql = (n) => `
insert into ${n.queue} (id, tenant_id, kind, place, flags, priority, scheduled_at, attempt, version, failures, parked_key)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`;
const updateQueued: Sql = (n) => `
update ${n.queue} set place = $2, flags = $3, priority = $4, scheduled_at = $5, attempt = $6, version = $7, failures = $8,
  parked_key = $9
where id = $1`;
const deleteQueued: Sql = (n) => `delete from ${n.queue} where id = $1`;

/** Where a task stands in the queue, and the key it is parked behind. */
export interface QueuePlace {
  readonly place: number | null;
  readonly parkedKey: string | null;
}

const ready: QueuePlace = { place: places.ready, parkedKey: null };

/**
 * Where a task belongs after a move. One with a key goes among the ready, where the claim that meets it takes the key or
 * parks the task, except that of the tasks made in one transaction only so many are ready as the key may run at all: those
 * cannot be claimed before this transaction ends, so that whoever ends them sees the others. An enqueue needs no lock of
 * the key for it.
 */
export function placeOf(
  tx: StoreTransaction,
  task: TaskRecord,
  { flags, isNew }: { readonly flags: number; readonly isNew: boolean },
): QueuePlace {
  if (task.status !== "queued") return { place: null, parkedKey: null };
  if (task.scheduledAt > tx.now) return { place: places.notDue, parkedKey: null };
  const [first] = task.concurrencyKeys;
  if (!isNew || first === undefined || flags & unsureToTake) return ready;
  const knock = JSON.stringify([keyId(task.tenantId, first.key), task.kind, task.priority, task.scheduledAt]);
  const before = tx.knocks.get(knock) ?? 0;
  const limit = tx.limits.get(keyId(task.tenantId, first.key)) ?? first.limit;
  if (before >= limit && limit > 0) return { place: places.parked, parkedKey: first.key };
  tx.knocks.set(knock, before + 1);
  return ready;
}

/** Keeps the queue in step with a task. */
export function moveInQueue(
  tx: StoreTransaction,
  move: { readonly before: StoredTask | null; readonly after: StoredTask; readonly parkedKey: string | null },
): void {
  const { before, after, parkedKey } = move;
  const { flags, place, task } = after;
  const isThere = before !== null && before.place !== null;
  if (place === places.ready) tx.readyFrom = Math.min(tx.readyFrom, task.scheduledAt);
  if (place === null) {
    if (isThere) tx.write(deleteQueued, [task.id]);
    return;
  }
  const { id, tenantId, kind, priority, scheduledAt, attempt, version, failures } = task;
  const rest = [flags, priority, scheduledAt, attempt, version, failures, parkedKey];
  if (isThere) tx.write(updateQueued, [id, place, ...rest]);
  else tx.write(insertQueued, [id, tenantId, kind, place, ...rest]);
}
