import type { TaskRetentionPolicy } from "@millrace/models";
import { statusRules } from "@millrace/store-sql";
import type { Connection, Sql } from "../connection/connection.ts";
import { flag } from "../row/task-flags.ts";
import type { StoreReader } from "./store-reader.ts";

/** What a task says of itself stands above the policy. */
export const isGoverned: string = `(t.flags & ${flag.retained}) = 0`;

const selectPurgeable: Sql = (n) => `
select r.seq from ${n.timer} r join ${n.task} t on t.seq = r.seq
where r.type = ? and r.at <= ? order by r.at, t.id limit ?`;
const selectTooOld: Sql = (n) => `
select t.seq from ${n.task} t indexed by ${n.task}_final
where t.finished_at is not null and t.status = ? and t.kind = ? and t.finished_at <= ? and ${isGoverned}
order by t.finished_at, t.id limit ?`;
const selectTooMany: Sql = (n) => `
select seq from (
  select t.seq as seq, t.finished_at as at, t.id as id from ${n.task} t indexed by ${n.task}_final
  where t.finished_at is not null and t.status = ? and t.kind = ? and ${isGoverned}
  order by t.finished_at desc, t.id desc limit -1 offset ?)
order by at, id limit ?`;
const selectKinds: Sql = (n) => `
select kind, sum(n) from ${n.count} where status = ? group by kind having sum(n) > 0 order by kind`;

/**
 * Final tasks that may go, in the order in which they go: past their own `retainForMs`, past the time to live of their
 * status, then those beyond the latest n of their kind. At most `limit` of each.
 */
export function outdatedTasks(
  { connection, now }: StoreReader,
  policy: TaskRetentionPolicy,
  limit: number,
): readonly number[] {
  const found = new Set<number>();
  const add = (rows: readonly (readonly unknown[])[]): void => {
    for (const [seq] of rows) found.add(Number(seq));
  };
  const rules = statusRules(policy);
  for (const { code } of rules) add(connection.use(selectPurgeable).all(code, now, limit));
  for (const { code, ttlMs } of rules) {
    if (ttlMs === null) continue;
    for (const [kind] of kindsOf(connection, code))
      add(connection.use(selectTooOld).all(code, kind, now - ttlMs, limit));
  }
  for (const { code, keep } of rules) {
    if (keep === null) continue;
    for (const [kind, count] of kindsOf(connection, code)) {
      if (count > keep) add(connection.use(selectTooMany).all(code, kind, keep, limit));
    }
  }
  return [...found];
}

/** The kinds that have tasks of a final status, and how many. */
export function kindsOf(connection: Connection, status: number): readonly (readonly [string, number])[] {
  return connection
    .use(selectKinds)
    .all(status)
    .map(([kind, count]) => [String(kind), Number(count)] as const);
}
