import { type EnqueueRequest, isFinal, type TaskId, type TaskRecord } from "@millrace/models";
import type { Sql } from "../connection/session.ts";
import type { StoredTask } from "../row/task-row.ts";
import { getTask, hold } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

type Deduped = Pick<TaskRecord, "tenantId" | "kind" | "dedupeKey">;
type Wanted = Pick<EnqueueRequest, "id"> & Deduped;

const wantedNames = "unnest($1::text[], $2::text[], $3::text[]";
const takeAllFree: Sql = (n) => `
insert into ${n.dedupe} (tenant_id, kind, key, id)
select * from ${wantedNames}, $4::uuid[]) w (tenant_id, kind, key, id)
order by tenant_id collate "C", kind collate "C", key collate "C" on conflict do nothing`;
// A look for each name, whatever the planner thinks of how many there are.
export const lockHolders: Sql = (n) => `
select held.tenant_id, held.kind, held.key, held.id
from (select * from ${wantedNames}) w (tenant_id, kind, key)
  order by tenant_id collate "C", kind collate "C", key collate "C" offset 0) w
cross join lateral (
  select d.* from ${n.dedupe} d where d.tenant_id = w.tenant_id and d.kind = w.kind and d.key = w.key for update) held`;
const dropHolder: Sql = (n) => `delete from ${n.dedupe} where tenant_id = $1 and kind = $2 and key = $3 and id = $4`;

const takeFree: Sql = (n) => `
insert into ${n.dedupe} (tenant_id, kind, key, id) values ($1, $2, $3, $4) on conflict do nothing returning id`;
const lockHolder: Sql = (n) => `select id from ${n.dedupe} where tenant_id = $1 and kind = $2 and key = $3 for update`;
const setHolder: Sql = (n) => `update ${n.dedupe} set id = $4 where tenant_id = $1 and kind = $2 and key = $3`;

/**
 * Takes at once all dedupe keys that an enqueue wants, in one order, so that no two enqueues wait for each other, and locks who
 * holds them. A free key is given to the first that wants it; `takeDedupeKey` then asks nobody.
 */
export async function takeDedupeKeys(tx: StoreTransaction, requests: readonly Wanted[]): Promise<void> {
  const wanted = new Map<string, Wanted>();
  for (const request of requests) {
    const name = nameOf(request);
    if (request.dedupeKey !== null && !tx.held.get(request.id) && !wanted.has(name)) wanted.set(name, request);
  }
  if (wanted.size === 0) return;
  const all = [...wanted.values()];
  const names = [
    all.map(({ tenantId }) => tenantId),
    all.map(({ kind }) => kind),
    all.map(({ dedupeKey }) => dedupeKey),
  ];
  tx.write(takeAllFree, [...names, all.map(({ id }) => id)]);
  for (const [tenantId, kind, dedupeKey, id] of await tx.query(lockHolders, names)) {
    tx.dedupe.set(JSON.stringify([tenantId, kind, dedupeKey]), String(id));
  }
  await hold(tx, [...tx.dedupe.values()]);
}

/** Gives back what `takeDedupeKeys` took for tasks that were not made. */
export function giveBackDedupeKeys(tx: StoreTransaction): void {
  for (const [name, id] of tx.dedupe) {
    if (!tx.held.get(id)) tx.write(dropHolder, [...(JSON.parse(name) as readonly string[]), id]);
  }
}

/**
 * Takes a dedupe key for a task about to be made, or answers the task that holds it: open, or within its window. Whoever
 * else wants the key waits for the end of this transaction.
 */
export async function takeDedupeKey(tx: StoreTransaction, request: Wanted): Promise<StoredTask | null> {
  const { id, tenantId, kind, dedupeKey } = request;
  if (dedupeKey === null) return null;
  const name = [tenantId, kind, dedupeKey];
  const known = tx.dedupe.get(nameOf(request)) ?? (await takenOrHolder(tx, name, id));
  const holder = known === id ? null : await holdingTask(tx, known);
  if (holder) return holder;
  if (known !== id) tx.write(setHolder, [...name, id]);
  tx.dedupe.set(nameOf(request), id);
  return null;
}

/** Whoever has the key from now on: the task itself, if it was free. */
async function takenOrHolder(tx: StoreTransaction, name: readonly string[], id: TaskId): Promise<TaskId> {
  for (;;) {
    const taken = await tx.query(takeFree, [...name, id]);
    if (taken.length > 0) return id;
    const [row] = await tx.query(lockHolder, name);
    // It went between the two looks: then it is free.
    if (row) return String(row[0]);
  }
}

function nameOf({ tenantId, kind, dedupeKey }: Deduped): string {
  return JSON.stringify([tenantId, kind, dedupeKey]);
}

async function holdingTask(tx: StoreTransaction, id: TaskId): Promise<StoredTask | null> {
  const holder = await getTask(tx, id);
  if (!holder) return null;
  const { status, dedupeUntil } = holder.task;
  const isInWindow = dedupeUntil !== null && dedupeUntil > tx.now;
  return !isFinal(status) || isInWindow ? holder : null;
}
