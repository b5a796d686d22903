import type { TaskClient } from "@millrace/models";
import { parseQueryText } from "../query/parse-query-text.ts";
import { planQuery, type QueryPlan } from "../query/plan-query.ts";
import type { QueryTerm } from "../query/query-term.ts";
import type { HttpCall } from "./route.ts";

/** What a query asks for, within what whoever asks may see. @throws `QUERY_INVALID` */
export async function planOf({ api, access }: Pick<HttpCall, "api" | "access">, text: string): Promise<QueryPlan> {
  const { tenantId } = access;
  return planFor(api.client, { terms: parseQueryText(text), tenantId, now: api.clock.now() });
}

/** The parts of a plan. */
export interface PlanParts {
  readonly terms: readonly QueryTerm[];
  readonly tenantId: string | null;
  readonly now: number;
}

/** Likewise of terms that were read before. */
export async function planFor(client: TaskClient, { terms, tenantId, now }: PlanParts): Promise<QueryPlan> {
  // Only patterns and negations need to know what kinds there are.
  const needsKinds = terms.some(({ field, negated, values }) => {
    return field === "kind" && (negated || values.some((value) => value.includes("*")));
  });
  const kinds = needsKinds ? await knownKinds(client, tenantId) : [];
  return planQuery(terms, { now, kinds, tenantId });
}

/** From the counters, which know every kind that has tasks. */
async function knownKinds(client: TaskClient, tenantId: string | null): Promise<readonly string[]> {
  const { byKind } = await client.readAggregate(tenantId === null ? {} : { tenantId });
  return Object.keys(byKind).toSorted();
}
