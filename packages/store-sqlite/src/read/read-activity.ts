import { type ActivityAnswer, type ActivityQuery, type EpochMs, type KindLoad, mostDueCounted } from "@millrace/models";
import { activityCodes, activityCounts, activityRows } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import { dueOfKind } from "../facets/unserved.ts";
import { lastEvent } from "./journal-place.ts";
import type { StoreReader } from "./store-reader.ts";

const selectAt: Sql = (n) => `select at from ${n.event} where seq >= ? order by seq limit 1`;
const selectSums: Sql = (n) => `
select at - at % ?, kind, type, sum(n) from ${n.event}
where seq >= ? and at >= ? and type in (${activityCodes}) and (? is null or tenant_id = ?) group by 1, 2, 3`;
const selectLoads: Sql = (n) => `
select kind, sum(case when status in (2, 3) then 0 else n end), sum(case when status in (2, 3) then n else 0 end)
from ${n.count} where status in (1, -1, -2, -3, 2, 3) group by kind having sum(n) > 0 order by kind`;

/** What the newest rows of the journal count up to. */
export function readActivity(reader: StoreReader, { from, partMs, tenantId }: ActivityQuery): ActivityAnswer {
  const tenant = tenantId ?? null;
  const last = lastEvent(reader);
  const oldest = Math.max(1, last - activityRows + 1);
  const knownFrom = atOf(reader, oldest);
  if (knownFrom === null) return { counts: [], knownFrom };
  const sums = reader.connection
    .use(selectSums)
    .all(partMs, firstSince(reader, from, { oldest, last }), from, tenant, tenant);
  const counts = activityCounts(sums);
  return { counts, knownFrom: Math.max(knownFrom, from) };
}

/** Rows are numbered in the order of their times, but for a step of the clock: where those since a moment begin is found by halving. */
function firstSince(
  reader: StoreReader,
  from: EpochMs,
  { oldest, last }: { readonly oldest: number; readonly last: number },
): number {
  let low = oldest;
  let high = last + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((atOf(reader, middle) ?? from) >= from) high = middle;
    else low = middle + 1;
  }
  return low;
}

function atOf({ connection }: StoreReader, seq: number): EpochMs | null {
  const [at] = connection.use(selectAt).get(seq) ?? [];
  return typeof at === "number" ? at : null;
}

/** Kinds with queued or running tasks. */
export function readLoads({ connection, now }: StoreReader): readonly KindLoad[] {
  const rows = connection.use(selectLoads).all();
  return rows.map(([name, queued, running]) => {
    const kind = String(name);
    const [count, since] = Number(queued) > 0 ? (connection.use(dueOfKind).get(kind, now, kind, now, kind) ?? []) : [];
    const due = Math.min(Number(count ?? 0), mostDueCounted);
    const first = due === 0 ? null : Math.min(Number(since), now);
    return { kind, queued: Number(queued), running: Number(running), due, since: first };
  });
}
