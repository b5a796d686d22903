import type { EpochMs, TaskFilter, TaskOrderRule, TaskPlace } from "@millrace/models";
import type { TableNames } from "../connection/table-names.ts";
import { lineColumns, taskColumns } from "../row/task-row.ts";
import { type Parameters, whereOf } from "./filter-conditions.ts";
import type { ListWay } from "./list-way.ts";

const sortValues = {
  createdAt: "t.created_at",
  scheduledAt: "t.scheduled_at",
  updatedAt: "coalesce(r.updated_at, t.updated_at)",
  finishedAt: "t.finished_at",
  status: "coalesce(r.status, t.status)",
} as const;

/** What a page is to show. */
export interface PageAsk extends TaskOrderRule {
  readonly filter: TaskFilter;
  /** Only what comes after it. */
  readonly place: TaskPlace | null;
  readonly limit: number;
  readonly offset: number;
  readonly now: EpochMs;
  readonly includeValues: boolean;
}

/** How a page is found, and the parameters of its statement. */
export interface PageWay {
  readonly way: ListWay;
  readonly parameters: Parameters;
}

/**
 * The statement of a page. Only what is on the page is read as a whole: what was gathered and sorted for it may be many times that. Row
 * by row, since the planner does not know how short a page is, and would rather read whole tables than look up so many.
 */
export function pageText(names: TableNames, ask: PageAsk, { way, parameters }: PageWay): string {
  const { field, direction, place } = ask;
  const value = sortValues[field];
  const nulls = field === "finishedAt" ? "nulls last" : "";
  const orderBy = (v: string, id: string): string => `order by ${v} ${direction} ${nulls}, ${id} ${direction}`;
  const [order, limit, offset] = [orderBy(value, "t.id"), parameters.add(ask.limit), parameters.add(ask.offset)];
  const behind =
    place === null ? [] : [behindPlace(value, place, { sign: direction === "asc" ? ">" : "<", parameters })];
  const source = (): string => {
    if (way.type === "resting") {
      const [statuses, kinds] = [parameters.add(way.pairs[0]), parameters.add(way.pairs[1])];
      const where = ["t.status = k.status", "t.kind = k.kind", "t.created_at is not null", ...behind].join(" and ");
      // The first of each status and kind, by the index that has those in order: neither their number matters nor that of all others.
      return `unnest(${statuses}::smallint[], ${kinds}::text[]) k(status, kind) cross join lateral (
        select t.id, t.created_at from ${names.resting} t where ${where} ${order} limit ${limit}::bigint + ${offset}::bigint) t`;
    }
    const { from, conditions } = whereOf(names, ask.filter, { parameters, now: ask.now });
    const all = [...conditions, ...(way.type === "gather" ? [way.condition] : []), ...behind];
    return `${from} where ${all.join(" and ") || "true"}`;
  };
  return `select x.*, p.v from (select t.id, ${value} as v from ${source()} ${order} limit ${limit} offset ${offset}) p
    cross join lateral (select ${ask.includeValues ? taskColumns : lineColumns} from ${names.task} t left join ${names.running} r on r.id = t.id
      left join ${names.queue} q on q.id = t.id where t.id = p.id limit 1) x
    ${orderBy("p.v", "p.id")}`;
}

function behindPlace(
  value: string,
  place: TaskPlace,
  { sign, parameters }: { readonly sign: string; readonly parameters: Parameters },
): string {
  const id = `${parameters.add(place.id)}::uuid`;
  if (place.value === null) return `(${value} is null and t.id ${sign} ${id})`;
  const at = `${parameters.add(place.value)}::bigint`;
  const isBehind = `(${value}, t.id) ${sign} (${at}, ${id})`;
  return value === sortValues.finishedAt ? `(${isBehind} or ${value} is null)` : isBehind;
}
