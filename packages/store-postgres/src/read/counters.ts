import type { Session, Sql } from "../connection/session.ts";
import { numberOf, textOrNull } from "../row/task-row.ts";
import { firstControlCode } from "@millrace/store-sql";
import { journalState } from "./journal-place.ts";
import { beforeAll, parseSnapshot, type Snapshot, snapshotSql } from "./snapshot.ts";

/** How many tasks stand where. */
export interface StatusCount {
  readonly tenantId: string;
  readonly kind: string;
  readonly status: number;
  readonly n: number;
}

// A row of the journal is at the same time the change of the counts: so many left one status for another. Rows that say the same are
// added up before they become two.
const changes = (n: { readonly event: string }, condition: string): string => `
select e.tenant_id, e.kind, x.status, x.n from (
  select tenant_id, kind, was, became, sum(n) as n from ${n.event}
  where xid >= pg_snapshot_xmin(${snapshotSql(1)}) and not pg_visible_in_snapshot(xid, ${snapshotSql(1)})
    and type < ${firstControlCode} ${condition} group by tenant_id, kind, was, became) e
cross join lateral (values (e.was, -e.n), (e.became, e.n)) x(status, n) where x.status is not null`;

const selectFolded: Sql = (n) => `select value from ${n.meta} where name = 'folded'`;
const lockFolded: Sql = (n) => `
insert into ${n.meta} as m (name, value) values ('folded', '${beforeAll.text}')
on conflict (name) do update set value = m.value returning m.value`;
const selectCounts: Sql = (n) => `
select tenant_id, kind, status, sum(n) from (
  select tenant_id, kind, status, n from ${n.count} union all ${changes(n, "")}) z
group by tenant_id, kind, status having sum(n) <> 0`;
const fold: Sql = (n) => `
insert into ${n.count} as t (tenant_id, kind, status, n)
select tenant_id, kind, status, sum(n) from (${changes(n, `and pg_visible_in_snapshot(xid, ${snapshotSql(2)})`)}) z
group by tenant_id, kind, status having sum(n) <> 0 order by kind, status, tenant_id
on conflict (kind, status, tenant_id) do update set n = t.n + excluded.n`;
const setFolded: Sql = (n) => `update ${n.meta} set value = $1 where name = 'folded'`;
const countUnfolded: Sql = (n) => `
select count(*) from (select 1 from ${n.event} e where e.xid >= pg_snapshot_xmin($1::text::pg_snapshot) limit $2) z`;

/** Beyond so many rows of the journal that are not in the counts yet, a reader has them folded in. */
const mostUnfolded = 2_000;

/** Up to where the journal stands in the counts. */
async function foldedSnapshot(session: Pick<Session, "run">): Promise<Snapshot> {
  const [row] = await session.run(selectFolded);
  return parseSnapshot(textOrNull(row?.[0]) ?? "") ?? beforeAll;
}

/** Exact counts: what was folded, and the journal since. */
export async function readCounts(session: Pick<Session, "run">): Promise<readonly StatusCount[]> {
  const folded = await foldedSnapshot(session);
  const rows = await session.run(selectCounts, [folded.text]);
  return rows.map(([tenantId, kind, status, n]) => {
    return { tenantId: String(tenantId), kind: String(kind), status: numberOf(status), n: numberOf(n) };
  });
}

/** Each status and kind once, as two lists. */
export function pairsOf(counts: readonly StatusCount[]): readonly [readonly number[], readonly string[]] {
  const pairs = [...new Map(counts.map((one) => [`${one.status} ${one.kind}`, one])).values()];
  return [pairs.map(({ status }) => status), pairs.map(({ kind }) => kind)];
}

/** Whether the journal holds much that is not in the counts yet. */
export async function isFoldingDue(session: Pick<Session, "run">): Promise<boolean> {
  const folded = await foldedSnapshot(session);
  const [row] = await session.run(countUnfolded, [folded.text, mostUnfolded]);
  return numberOf(row?.[0] ?? 0) >= mostUnfolded;
}

/** Folds the journal into the counts; answers up to where. One at a time: the row that says so is the lock. */
export async function foldCounts(session: Pick<Session, "run">): Promise<Snapshot> {
  const [before] = await session.run(lockFolded);
  const { now: until } = await journalState(session);
  await session.run(fold, [textOrNull(before?.[0]) ?? beforeAll.text, until.text]);
  await session.run(setFolded, [until.text]);
  return until;
}
