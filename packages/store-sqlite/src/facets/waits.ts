import {
  currentWait,
  isFinal,
  type KnownLimits,
  limitsOfTask,
  type TaskCount,
  type TaskId,
  type TaskRecord,
  type TaskWaits,
} from "@millrace/models";
import { deepFrozen } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import { getKey } from "../transaction/key-rows.ts";
import { heldByKind, heldByStore, kindSettings, storeLimit } from "../transaction/kind-rows.ts";
import { getTask } from "../transaction/read-stored.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

const selectOpen: Sql = (n) => `
select d.id from ${n.edge} e join ${n.task} d on d.seq = e.dependency
where e.waiter = ? and e.stage = ? and d.status < 6 group by d.id order by min(e.position) limit ?`;
// The first in the order of claims, and of those the ones before a place: never more rows than are counted.
const countReady: Sql = (n) => `
select count(*) from (
  select priority, scheduled_at, id from ${n.task} indexed by ${n.task}_ready where status = 1 and kind = ? and scheduled_at <= ?
  order by priority desc, scheduled_at, id limit ?) q
where q.priority > ? or (q.priority = ? and (q.scheduled_at, q.id) < (?, ?))`;
const countFallenDue: Sql = (n) => `
select count(*) from (select seq from ${n.due} where kind = ? and due_at <= ? order by due_at limit ?) x
join ${n.task} q on q.seq = x.seq
where q.priority > ? or (q.priority = ? and (q.scheduled_at, q.id) < (?, ?))`;

const nobody: TaskCount = Object.freeze({ count: 0, exact: true });

/** Why a task does not run, as far as the store knows; null when there is none. */
export function lookAtWaits(tx: StoreTransaction, taskId: TaskId, limit: number): TaskWaits | null {
  const stored = getTask(tx, taskId);
  if (!stored) return null;
  const { task, seq } = stored;
  const { now: at } = tx;
  if (isFinal(task.status)) return deepFrozen({ at, waitsFor: [], limits: [], ahead: nobody });
  const stage = currentWait(task);
  const open = stage === null ? [] : tx.use(selectOpen).all(seq, stage, limit);
  return deepFrozen({
    at,
    waitsFor: open.map(([id]) => String(id)),
    limits: limitsOfTask(task, knownLimits(tx, task), at),
    ahead: ahead(tx, task, limit),
  });
}

function knownLimits(tx: StoreTransaction, { kind, tenantId, concurrencyKeys }: TaskRecord): KnownLimits {
  const most = storeLimit(tx);
  const settings = kindSettings(tx, kind);
  return {
    store: most === null ? null : { limit: most, held: heldByStore(tx) },
    kind: settings && { ...settings, held: heldByKind(tx, kind) },
    keys: concurrencyKeys.flatMap(({ key }) => {
      const row = getKey(tx, tenantId, key);
      return row ? [{ ...row, key }] : [];
    }),
  };
}

function ahead(tx: StoreTransaction, task: TaskRecord, limit: number): TaskCount {
  if (task.status !== "queued" || task.scheduledAt > tx.now) return nobody;
  const { kind, priority, scheduledAt, id } = task;
  const found = [countReady, countFallenDue].map((sql) =>
    Number(tx.use(sql).get(kind, tx.now, limit + 1, priority, priority, scheduledAt, id)?.[0] ?? 0),
  );
  const count = found.reduce((sum, one) => sum + one, 0);
  return { count: Math.min(count, limit), exact: count <= limit };
}
