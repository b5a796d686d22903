import type { OutdatedCounts, TaskRetentionPolicy } from "@millrace/models";
import { OutdatedTally, statusRules } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import { isGoverned, kindsOf } from "./outdated-tasks.ts";
import type { StoreReader } from "./store-reader.ts";

const countPurgeable: Sql = (n) => `
select count(*) from (select 1 from ${n.timer} where type = ? and at <= ? limit ?)`;
// Never more than are asked for: the index is left as soon as they are found.
const countGoverned: Sql = (n) => `
select count(*) from (
  select 1 from ${n.task} t indexed by ${n.task}_final
  where t.finished_at is not null and t.status = ? and t.kind = ? and t.finished_at <= ? and ${isGoverned} limit ?)`;

/**
 * How many final tasks may go. Of one kind and status those that are too old and those beyond the latest n are the first of the same
 * order, so the larger of both numbers is how many they are together.
 */
export function countOutdated({ connection, now }: StoreReader, policy: TaskRetentionPolicy): OutdatedCounts {
  const tally = new OutdatedTally();
  const count = (sql: Sql, ...values: readonly (number | string)[]): number =>
    Number(connection.use(sql).get(...values)?.[0] ?? 0);
  for (const { code, ttlMs, keep } of statusRules(policy)) {
    tally.add(code, count(countPurgeable, code, now, tally.left));
    if (ttlMs === null && keep === null) continue;
    for (const [kind, all] of kindsOf(connection, code)) {
      if (tally.left === 0) break;
      const tooOld = ttlMs === null ? 0 : count(countGoverned, code, kind, now - ttlMs, tally.left);
      const mayBeMore = keep !== null && all - keep > tooOld && tooOld < tally.left;
      const ended = mayBeMore ? count(countGoverned, code, kind, Number.MAX_SAFE_INTEGER, tally.left + keep) : 0;
      tally.add(code, Math.max(tooOld, ended - (keep ?? 0)));
    }
  }
  return tally.counts();
}
