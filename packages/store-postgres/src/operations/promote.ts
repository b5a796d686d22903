import type { Sql } from "../connection/session.ts";
import { place } from "../row/task-flags.ts";

/** How many tasks that have fallen due are let in at once, of each kind. */
export const mostPromoted = 2_000;

/**
 * Lets tasks that have fallen due by $2 into the order of claims, the longest due first; answers how many of each kind, and
 * how long the longest of them was due. No
 * move: they stay queued.
 */
export const promoteDue: Sql = (n) => `
with d as materialized (select x.id from unnest($1::text[]) k(kind) cross join lateral (
  select q.id from ${n.queue} q where q.place = ${place.notDue} and q.kind = k.kind and q.scheduled_at <= $2::bigint
  order by q.scheduled_at, q.id limit ${mostPromoted} for update skip locked) x),
u as (update ${n.queue} q set place = ${place.ready} where q.id = any(array(select d.id from d)) returning q.kind, q.scheduled_at)
select kind, count(*), min(scheduled_at) from u group by kind`;
