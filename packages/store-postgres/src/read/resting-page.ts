import type { TableNames } from "../connection/table-names.ts";

/** A page of tasks at rest, as it stands in a statement. */
export interface RestingPage {
  /** What is asked of the status and the kind of `t`. */
  readonly conditions: readonly string[];
  /** Where the page begins, by `t`. */
  readonly behind: readonly string[];
  readonly direction: "asc" | "desc";
  readonly limit: string;
  readonly offset: string;
}

/**
 * Finds the ids of a page and when its tasks were made: the first of each status and kind, by the index that has those in the order
 * of their creation, and of these the first. So neither their number matters nor that of all others. Succeeded tasks do not stand in
 * that index.
 */
export function restingPage({ resting }: TableNames, page: RestingPage): string {
  const { conditions, behind, direction, limit, offset } = page;
  const order = `order by t.created_at ${direction}, t.id ${direction}`;
  const first = (after: string): string => `select x.status, x.kind from ${resting} x
    where x.created_at is not null ${after} order by x.status, x.kind limit 1`;
  const where = ["t.status = ks.status", "t.kind = ks.kind", "t.created_at is not null", ...behind].join(" and ");
  return `with recursive every(status, kind) as (
      (${first("")}) union all
      select next.* from every cross join lateral (${first("and (x.status, x.kind) > (every.status, every.kind)")}) next)
    select t.id, t.created_at as v from (select t.* from every t where ${conditions.join(" and ") || "true"}) ks
    cross join lateral (select t.id, t.created_at from ${resting} t where ${where} ${order} limit ${limit}::bigint + ${offset}::bigint) t
    ${order} limit ${limit} offset ${offset}`;
}
