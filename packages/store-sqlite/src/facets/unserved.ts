import { mostDueCounted, type UnservedKind, unservedLookMs } from "@millrace/models";
import { tellControl } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

// From the counters: a queue of a million tasks that somebody serves costs no more than one of ten.
const selectKinds: Sql = (n) => `
select c.kind from ${n.count} c left join ${n.kind} k on k.kind = c.kind
where c.status in (1, -1, -2, -3) and c.n > 0 and k.paused_at is null
  and c.kind not in (
    select j.value from ${n.host} h, json_each(h.beat, '$.kinds') j
    where h.state = 'running' and h.alive_until >= ? and h.superseded_at is null)
group by c.kind order by c.kind`;
/** Due tasks of one kind: how many, and since when. */
export const dueOfKind: Sql = (n) => `
select count(*), min(at) from (
  select * from (select scheduled_at as at from ${n.task} indexed by ${n.task}_ready where status = 1 and kind = ? and scheduled_at <= ?
    order by priority desc, scheduled_at, id limit ${mostDueCounted})
  union all select * from (select due_at from ${n.due} where kind = ? and due_at <= ? order by due_at limit ${mostDueCounted})
  union all select * from (select k.scheduled_at from ${n.shelf} s join ${n.task} k on k.seq = s.seq
    where s.status = -1 and s.kind = ? limit ${mostDueCounted}))`;

const selectMeta: Sql = (n) => `select value from ${n.meta} where name = 'unserved_looked_at'`;
const putMeta: Sql = (n) => `insert or replace into ${n.meta} (name, value) values ('unserved_looked_at', ?)`;
const selectTold: Sql = (n) => `select kind from ${n.unserved} order by kind`;
const putTold: Sql = (n) => `insert into ${n.unserved} (kind) values (?)`;
const dropTold: Sql = (n) => `delete from ${n.unserved} where kind = ?`;

/** Kinds with due tasks that no running host serves and nobody has paused. */
export function unserved(tx: StoreTransaction): readonly UnservedKind[] {
  const { now } = tx;
  const kinds = tx.use(selectKinds).all(now);
  return kinds.flatMap(([name]): readonly UnservedKind[] => {
    const kind = String(name);
    const [count, since] = tx.use(dueOfKind).get(kind, now, kind, now, kind) ?? [];
    if (!count) return [];
    const queued = Math.min(Number(count), mostDueCounted);
    return [Object.freeze({ kind, queued, since: Math.min(Number(since), now) })];
  });
}

/** Looks for such kinds, tells of those that have become so or are so no more, and answers the new ones. */
export function tellUnserved(tx: StoreTransaction): readonly UnservedKind[] {
  const { now } = tx;
  const [lookedAt] = tx.use(selectMeta).get() ?? [];
  if (lookedAt !== undefined && lookedAt !== null && now - Number(lookedAt) < unservedLookMs) return [];
  tx.use(putMeta).run(now);
  const found = unserved(tx);
  const told = new Set(
    tx
      .use(selectTold)
      .all()
      .map(([kind]) => String(kind)),
  );
  for (const kind of told) {
    if (found.some((one) => one.kind === kind)) continue;
    tx.use(dropTold).run(kind);
    tellControl(tx, { type: "kind_served", name: kind, data: null });
  }
  const fresh = found.filter(({ kind }) => !told.has(kind));
  for (const { kind, queued } of fresh) {
    tx.use(putTold).run(kind);
    tellControl(tx, { type: "kind_unserved", name: kind, data: queued });
  }
  return fresh;
}
