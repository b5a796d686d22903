import { isLeased, type TaskFilter, type TaskStatus, taskStatuses } from "@millrace/models";
import { statusCode, statusOfCode } from "@millrace/store-sql";
import type { Session } from "../connection/session.ts";
import type { TableNames } from "../connection/table-names.ts";
import { tasksOfRow } from "../row/resting-row.ts";
import { place } from "../row/task-flags.ts";
import { pairsOf, readCounts, type StatusCount } from "./counters.ts";
import { type Parameters, possibleStatuses } from "./filter-conditions.ts";

/** How a list finds its tasks. */
export type ListWay =
  /** By what the planner finds best. */
  | { readonly type: "planned" }
  /** In the order of time: nothing but a common kind or status is asked for, so it is soon full. */
  | { readonly type: "walk" }
  /** By the list of tasks at rest: nothing but a kind and a status is asked for, and that one is of those it has in order. */
  | { readonly type: "resting"; readonly pairs: ReturnType<typeof pairsOf> }
  /** Of a rare kind or status, by a condition that names them by the indexes that hold them. */
  | { readonly type: "gather"; readonly condition: string };

/** What the list is to be like. */
export interface ListShape {
  /** Those of its statement. */
  readonly parameters: Parameters;
  readonly limit: number;
  readonly isByCreation: boolean;
}

/**
 * How to find the tasks of a kind or status. A list in the order of time would go through the whole table for a few rare ones, and
 * the planner would sort the whole table for common ones of which it has no statistics; the counters know how many there are.
 */
export async function listWay(
  session: Session,
  filter: TaskFilter,
  { parameters, limit, isByCreation }: ListShape,
): Promise<ListWay> {
  const statuses = possibleStatuses(filter) ?? taskStatuses;
  if (!filter.kinds && statuses.length === taskStatuses.length) return { type: "planned" };
  const counts = await readCounts(session);
  const wanted = counts.filter(
    ({ kind, status }) => (filter.kinds?.includes(kind) ?? true) && statuses.includes(statusOfCode(status)),
  );
  const isPlain = isByCreation && asksOnlyCounted(filter);
  if (isPlain && statuses.every((status) => isResting(status) && status !== "succeeded")) {
    return { type: "resting", pairs: pairsOf(wanted) };
  }
  // To gather costs as many rows as are wanted; to walk costs as many as lie between so many of them.
  if (sumOf(wanted) ** 2 >= limit * sumOf(counts)) return { type: isPlain ? "walk" : "planned" };
  const kinds = filter.kinds ? parameters.add(filter.kinds) : null;
  const ids = idsOf(session.names, statuses, kinds).join(" union all ");
  return { type: "gather", condition: `t.id = any(array(${ids}))` };
}

const isResting = (status: TaskStatus): boolean => status !== "queued" && !isLeased(status);

function sumOf(counts: readonly StatusCount[]): number {
  return counts.reduce((sum, { n }) => sum + n, 0);
}

function asksOnlyCounted(filter: TaskFilter): boolean {
  return Object.entries(filter).every(
    ([name, value]) => value === undefined || name === "kinds" || name === "statuses",
  );
}

function idsOf(n: TableNames, statuses: readonly TaskStatus[], kinds: string | null): readonly string[] {
  const ofKinds = kinds === null ? "" : `and kind = any(${kinds}::text[])`;
  const codes = (test: (status: TaskStatus) => boolean): string => statuses.filter(test).map(statusCode).join(", ");
  const [leased, resting] = [codes(isLeased), codes(isResting)];
  const ids: string[] = ["select null::uuid where false"];
  if (statuses.includes("queued")) {
    for (const where of Object.values(place)) ids.push(`select id from ${n.queue} where place = ${where} ${ofKinds}`);
  }
  if (leased !== "") ids.push(`select id from ${n.running} where status in (${leased}) ${ofKinds}`);
  if (resting !== "") ids.push(`select ${tasksOfRow("x")} from ${n.resting} x where status in (${resting}) ${ofKinds}`);
  return ids;
}
