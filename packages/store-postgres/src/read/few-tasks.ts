import { isLeased, type TaskFilter, type TaskStatus, taskStatuses } from "@millrace/models";
import { statusCode, statusOfCode } from "@millrace/store-sql";
import type { Session } from "../connection/session.ts";
import type { TableNames } from "../connection/table-names.ts";
import { place } from "../row/task-flags.ts";
import { readCounts } from "./counters.ts";
import { type Parameters, possibleStatuses } from "./filter-conditions.ts";

/**
 * A condition that finds the tasks of a rare kind or status by the indexes that hold them, or null when there are so many
 * of them that a list meets enough on its way. Without it a list in the order of time would go through the whole table
 * for the few it wants; the counters know how few they are.
 */
export async function fewTasks(
  session: Session,
  filter: TaskFilter,
  { parameters, limit }: { readonly parameters: Parameters; readonly limit: number },
): Promise<string | null> {
  const statuses = possibleStatuses(filter) ?? taskStatuses;
  if (!filter.kinds && statuses.length === taskStatuses.length) return null;
  let wanted = 0;
  let total = 0;
  for (const { kind, status, n } of await readCounts(session)) {
    total += n;
    if ((filter.kinds?.includes(kind) ?? true) && statuses.includes(statusOfCode(status))) wanted += n;
  }
  // To gather costs as many rows as are wanted; to walk costs as many as lie between so many of them.
  if (wanted * wanted >= limit * total) return null;
  const kinds = filter.kinds ? parameters.add(filter.kinds) : null;
  return `t.id = any(array(${idsOf(session.names, statuses, kinds).join(" union all ")}))`;
}

function idsOf(n: TableNames, statuses: readonly TaskStatus[], kinds: string | null): readonly string[] {
  const ofKinds = kinds === null ? "" : `and kind = any(${kinds}::text[])`;
  const codes = (test: (status: TaskStatus) => boolean): string => statuses.filter(test).map(statusCode).join(", ");
  const isResting = (status: TaskStatus): boolean => status !== "queued" && !isLeased(status);
  const [leased, resting] = [codes(isLeased), codes(isResting)];
  const ids: string[] = ["select null::uuid where false"];
  if (statuses.includes("queued")) {
    for (const where of Object.values(place)) ids.push(`select id from ${n.queue} where place = ${where} ${ofKinds}`);
  }
  if (leased !== "") ids.push(`select id from ${n.running} where status in (${leased}) ${ofKinds}`);
  if (resting !== "") ids.push(`select id from ${n.resting} where status in (${resting}) ${ofKinds}`);
  return ids;
}
