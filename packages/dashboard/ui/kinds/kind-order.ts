import type { KindRow } from "../api/answers.ts";

/** By what kinds are sorted. */
export type KindOrder = "attention" | "name" | "queued" | "failed";

/** Whether somebody should look at a kind. Pure. */
export function kindTrouble({ queued, hosts, paused, failed, ended }: KindRow): "unserved" | "failing" | null {
  if (queued > 0 && hosts === 0 && paused === null) return "unserved";
  return failed >= 5 && failed / Math.max(1, ended) > 0.1 ? "failing" : null;
}

/** Kinds in an order; those that need a look stand first where that was asked for. Pure. */
export function sortedKinds(kinds: readonly KindRow[], order: KindOrder): readonly KindRow[] {
  const byName = (one: KindRow, other: KindRow): number => (one.kind < other.kind ? -1 : 1);
  const rank = (row: KindRow): number => {
    if (order === "queued") return row.queued;
    if (order === "failed") return row.failed;
    if (order === "name") return 0;
    return (kindTrouble(row) === null ? 0 : 1e9) + row.failed * 1e3 + row.queued;
  };
  return kinds.toSorted((one, other) => rank(other) - rank(one) || byName(one, other));
}
