import { type EnqueueRequest, isFinal, supersededReason, type TaskId, type TaskRecord } from "@millrace/models";
import type { Sql } from "../connection/session.ts";
import { getTask, hold } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { makeMove } from "./make-move.ts";

type Superseding = Pick<EnqueueRequest, "id" | "tenantId" | "kind" | "supersedeKey" | "supersedeExisting">;

const wantedNames = "unnest($1::text[], $2::text[], $3::text[]) w (tenant_id, kind, key)";
// By the number that is locked, which is what two enqueues would wait for in a circle.
const lockNames: Sql = (n) => `
select pg_advisory_xact_lock(number)::text
from (select distinct hashtextextended('${n.supersede} ' || tenant_id || ' ' || kind || ' ' || key, 0) as number
  from ${wantedNames} order by 1 offset 0) w`;
export const openOfNames: Sql = (n) => `
select w.tenant_id, w.kind, w.key, older.id from (select * from ${wantedNames} offset 0) w
cross join lateral (
  select s.id from ${n.supersede} s where s.tenant_id = w.tenant_id and s.kind = w.kind and s.key = w.key offset 0) older
order by older.id`;

/**
 * Looks up at once the open tasks of all supersede keys that an enqueue names. Two that come with the same key at once do so one
 * after the other.
 */
export async function takeSupersedeKeys(tx: StoreTransaction, requests: readonly Superseding[]): Promise<void> {
  const wanted = new Map<string, Superseding>();
  for (const request of requests) if (request.supersedeKey !== null) wanted.set(nameOf(request), request);
  for (const name of tx.superseding.keys()) wanted.delete(name);
  if (wanted.size === 0) return;
  const all = [...wanted.values()];
  const names = [
    all.map(({ tenantId }) => tenantId),
    all.map(({ kind }) => kind),
    all.map(({ supersedeKey }) => supersedeKey),
  ];
  tx.write(lockNames, names);
  const rows = await tx.query(openOfNames, names);
  for (const name of wanted.keys()) tx.superseding.set(name, []);
  for (const [tenantId, kind, key, id] of rows) {
    const name = JSON.stringify([tenantId, kind, key]);
    tx.superseding.set(name, [...(tx.superseding.get(name) ?? []), String(id)]);
  }
  const replacing = all.filter(({ supersedeExisting }) => supersedeExisting);
  await hold(
    tx,
    replacing.flatMap((request) => tx.superseding.get(nameOf(request)) ?? []),
  );
}

/** The open tasks that a new one replaces; the next one of this transaction may replace the new one. */
export async function olderOfSupersede(tx: StoreTransaction, request: Superseding): Promise<readonly TaskId[]> {
  if (request.supersedeKey === null) return [];
  await takeSupersedeKeys(tx, [request]);
  const name = nameOf(request);
  const open = tx.superseding.get(name) ?? [];
  tx.superseding.set(name, request.supersedeExisting ? [request.id] : [...open, request.id]);
  return request.supersedeExisting ? open : [];
}

/** Ends the older tasks in favour of a new one; answers those that were still open. */
export async function supersede(
  tx: StoreTransaction,
  older: readonly TaskId[],
  by: TaskRecord,
): Promise<readonly TaskId[]> {
  await hold(tx, older);
  const superseded: TaskId[] = [];
  for (const id of older) {
    const stored = await getTask(tx, id);
    if (!stored || isFinal(stored.task.status)) continue;
    makeMove(tx, stored, { type: "terminate", code: "TASK_SUPERSEDED", reason: supersededReason(by.id), by: null });
    superseded.push(id);
  }
  return superseded;
}

function nameOf({ tenantId, kind, supersedeKey }: Superseding): string {
  return JSON.stringify([tenantId, kind, supersedeKey]);
}
