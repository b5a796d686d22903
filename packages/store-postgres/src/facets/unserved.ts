import { mostDueCounted, type UnservedKind, unservedLookMs } from "@millrace/models";
import { tellControl } from "@millrace/store-sql";
import type { Sql } from "../connection/session.ts";
import { foldCounts } from "../read/counters.ts";
import { place } from "../row/task-flags.ts";
import { numberOf } from "../row/task-row.ts";
import { readClock } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

const queued = 1;

// From the counters: a queue of a million tasks that somebody serves costs no more than one of ten.
const selectKinds: Sql = (n) => `
select c.kind from ${n.count} c
where c.status = ${queued} and c.n > 0
  and not exists (select 1 from ${n.kind} k where k.kind = c.kind and k.paused_at is not null)
  and not exists (select 1 from ${n.host} h where h.state = 'running' and h.alive_until >= $1 and h.superseded_at is null
    and h.beat::jsonb -> 'kinds' ? c.kind)
group by c.kind order by c.kind`;

/** Due tasks of kinds. The orders are those of the indexes, so that each kind is read from its own place in them. */
export const selectDue: Sql = (n) => `
select c.kind, least(ready.n + due.n, ${mostDueCounted}), least(ready.since, due.since) from unnest($1::text[]) c(kind)
cross join lateral (select count(*) as n, min(y.scheduled_at) as since from (
  select q.scheduled_at from ${n.queue} q where q.place = ${place.ready} and q.kind = c.kind
  order by q.priority desc, q.scheduled_at, q.id limit ${mostDueCounted}) y) ready
cross join lateral (select count(*) as n, min(y.scheduled_at) as since from (
  select q.scheduled_at from ${n.queue} q where q.place = ${place.notDue} and q.kind = c.kind and q.scheduled_at <= $2
  order by q.scheduled_at, q.id limit ${mostDueCounted}) y) due
where ready.n + due.n > 0 order by c.kind`;

const takeTurn: Sql = (n) => `
insert into ${n.meta} as m (name, value) values ('unserved_looked_at', $1)
on conflict (name) do update set value = excluded.value
where m.value::bigint <= excluded.value::bigint - ${unservedLookMs} returning 1`;
const putTold: Sql = (n) => `
insert into ${n.unserved} (kind) select * from unnest($1::text[]) on conflict do nothing returning kind`;
const dropTold: Sql = (n) => `delete from ${n.unserved} where kind <> all ($1::text[]) returning kind`;

/** Kinds with due tasks that no running host serves and nobody has paused. */
export async function unserved(tx: StoreTransaction): Promise<readonly UnservedKind[]> {
  await readClock(tx);
  await foldCounts(tx.session);
  const kinds = (await tx.query(selectKinds, [tx.now])).map(([kind]) => String(kind));
  if (kinds.length === 0) return [];
  const rows = await tx.query(selectDue, [kinds, tx.now]);
  return rows.map(([kind, count, since]) =>
    Object.freeze({ kind: String(kind), queued: numberOf(count), since: Math.min(numberOf(since), tx.now) }),
  );
}

/** Looks for such kinds, tells of those that have become so or are so no more, and answers the new ones. */
export async function tellUnserved(tx: StoreTransaction): Promise<readonly UnservedKind[]> {
  await readClock(tx);
  // One host at a time: whoever comes meanwhile waits for this row, and then finds that it was just done.
  const [turn] = await tx.query(takeTurn, [String(tx.now)]);
  if (!turn) return [];
  const found = await unserved(tx);
  const kinds = found.map(({ kind }) => kind);
  const gone = (await tx.query(dropTold, [kinds])).map(([kind]) => String(kind));
  for (const kind of gone.toSorted()) tellControl(tx, { type: "kind_served", name: kind, data: null });
  const fresh = new Set(kinds.length === 0 ? [] : (await tx.query(putTold, [kinds])).map(([kind]) => String(kind)));
  const told = found.filter(({ kind }) => fresh.has(kind));
  for (const { kind, queued: data } of told) tellControl(tx, { type: "kind_unserved", name: kind, data });
  return told;
}
