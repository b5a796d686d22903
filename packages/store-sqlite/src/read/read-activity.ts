import type { ActivityAnswer, ActivityQuery, EpochMs, WaitingKind } from "@millrace/models";
import { activityCodes, activityCounts, activityLooks } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import { dueOfKind } from "../facets/unserved.ts";
import type { StoreReader } from "./store-reader.ts";

const selectOldest: Sql = (n) => `
select count(*), min(at) from (select at from ${n.event} order by seq desc limit ?)`;
const selectSums: Sql = (n) => `
select at - at % ?, kind, type, sum(n) from (select at, kind, type, n, tenant_id from ${n.event} order by seq desc limit ?)
where at >= ? and type in (${activityCodes}) and (? is null or tenant_id = ?) group by 1, 2, 3`;
const selectQueuedKinds: Sql = (n) => `
select kind from ${n.count} where status in (1, -1, -2, -3) and n > 0 group by kind order by kind`;

/** What the newest rows of the journal count up to. */
export function readActivity({ connection }: StoreReader, { from, partMs, tenantId }: ActivityQuery): ActivityAnswer {
  const tenant = tenantId ?? null;
  for (const look of activityLooks) {
    const [rows, oldest] = connection.use(selectOldest).get(look) ?? [];
    if (Number(rows) === look && Number(oldest) >= from && look !== activityLooks.at(-1)) continue;
    const sums = connection.use(selectSums).all(partMs, look, from, tenant, tenant);
    const counts = activityCounts(
      sums.map(([at, kind, code, count]) => ({
        at: Number(at),
        kind: String(kind),
        code: Number(code),
        count: Number(count),
      })),
    );
    return { counts, knownFrom: knownFrom(oldest, from) };
  }
  return { counts: [], knownFrom: null };
}

function knownFrom(oldest: unknown, from: EpochMs): EpochMs | null {
  return typeof oldest === "number" ? Math.max(oldest, from) : null;
}

/** Kinds with due tasks. */
export function readWaiting({ connection, now }: StoreReader): readonly WaitingKind[] {
  const kinds = connection.use(selectQueuedKinds).all();
  return kinds.flatMap(([name]): readonly WaitingKind[] => {
    const kind = String(name);
    const [count, since] = connection.use(dueOfKind).get(kind, now, kind, now, kind) ?? [];
    return count ? [{ kind, queued: Math.min(Number(count), 10_000), since: Math.min(Number(since), now) }] : [];
  });
}
