import type { TaskFilter } from "@millrace/models";
import type { ServedClient } from "../routes/route.ts";
import type { FailureGroup } from "./failure-groups.ts";
import { failureStanding } from "./failure-standing.ts";

/** Each has a store read all that failed since a mark, so an answer waits for no more of them. */
const mostCounts = 10;

/**
 * Counts over the whole store how many tasks of ignored groups failed since their marks, where those looked at do not tell: of the
 * first so many groups. The others stay as they were judged.
 */
export async function countSince(
  client: Pick<ServedClient, "readAggregate">,
  groups: readonly FailureGroup[],
): Promise<readonly FailureGroup[]> {
  const asked = new Set(groups.filter(isToBeCounted).slice(0, mostCounts));
  const counted: FailureGroup[] = [];
  for (const group of groups) {
    if (!asked.has(group) || group.mark === null) counted.push(group);
    else {
      const { total } = await client.readAggregate({ ...filterOf(group), finishedFrom: group.mark.at + 1 });
      counted.push({ ...group, ...failureStanding(group.mark, Math.max(total.count, group.failedSince ?? 0)) });
    }
  }
  return counted;
}

function isToBeCounted({ state, mark }: FailureGroup): boolean {
  return state === "ignored" && mark?.state === "ignored" && mark.untilCount !== null;
}

/** The tasks that its query finds. */
function filterOf({ key, fingerprint }: FailureGroup): TaskFilter {
  const statuses = ["failed"] as const;
  if (fingerprint !== null) return { statuses, failureFingerprint: fingerprint };
  return { statuses, reasons: [key.slice("reason:".length)] };
}
