import type { ActivityAnswer, ActivityFacet, ActivityQuery, WaitingKind } from "@millrace/models";
import { activityCodes, activityCounts, activityRows } from "@millrace/store-sql";
import type { Engine } from "../connection/engine.ts";
import type { Session, Sql } from "../connection/session.ts";
import { foldCounts } from "../read/counters.ts";
import { numberOf, numberOrNull } from "../row/task-row.ts";
import { readClock } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { queued, selectDue } from "./unserved.ts";

/** More rows are looked at only while those do not reach far enough back. */
const looks: readonly number[] = [500, 4_000, activityRows];
// The first row tells how far the look goes back; the others are sums.
const selectSums: Sql = (n) => `
with e as materialized (select at, kind, type, n, tenant_id from ${n.event} order by seq desc limit $1)
select null::bigint as part, null::text as kind, count(*) as code, min(at) as n from e
union all
select at - at % $2::bigint, kind, type, sum(n) from e
where at >= $3 and type in (${activityCodes}) and ($4::text is null or tenant_id = $4) group by 1, 2, 3`;
const selectQueuedKinds: Sql = (n) => `
select kind from ${n.count} where status = ${queued} and n > 0 group by kind order by kind`;

/** The facet over an engine. */
export function createActivity(engine: Engine): ActivityFacet {
  return {
    read: (query) => engine.read((session) => readActivity(session, query)),
    waiting: () => engine.transaction(readWaiting),
  };
}

async function readActivity(session: Session, { from, partMs, tenantId }: ActivityQuery): Promise<ActivityAnswer> {
  for (const look of looks) {
    const [span, ...sums] = await session.run(selectSums, [look, partMs, from, tenantId ?? null]);
    const oldest = numberOrNull(span?.[3]);
    if (numberOf(span?.[2]) === look && (oldest ?? from) >= from && look !== activityRows) continue;
    const counts = activityCounts(
      sums.map(([at, kind, code, count]) => ({
        at: numberOf(at),
        kind: String(kind),
        code: numberOf(code),
        count: numberOf(count),
      })),
    );
    return { counts, knownFrom: oldest === null ? null : Math.max(oldest, from) };
  }
  return { counts: [], knownFrom: null };
}

async function readWaiting(tx: StoreTransaction): Promise<readonly WaitingKind[]> {
  await readClock(tx);
  await foldCounts(tx.session);
  const kinds = (await tx.query(selectQueuedKinds)).map(([kind]) => String(kind));
  if (kinds.length === 0) return [];
  const rows = await tx.query(selectDue, [kinds, tx.now]);
  return rows.map(([kind, count, since]) => ({
    kind: String(kind),
    queued: numberOf(count),
    since: Math.min(numberOf(since), tx.now),
  }));
}
