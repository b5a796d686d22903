import { parseDerivedChannel, type TaskFilter, type TaskQuery } from "@millrace/models";
import { code } from "../row/task-flags.ts";
import { possibleCodes } from "./filter-conditions.ts";

// Each of these finds its tasks in the order of creation by an index of their own, whatever else the table holds.
const indexed: ReadonlySet<string> = new Set<keyof TaskFilter>([
  "kinds",
  "statuses",
  "states",
  "tags",
  "dedupeKey",
  "supersedeKey",
  "parentId",
  "flowId",
  "originId",
  "concurrencyKey",
  "taskIds",
  "tenantId",
  "channels",
]);
const counted: ReadonlySet<string> = new Set<keyof TaskFilter>(["kinds", "statuses", "tenantId"]);
const pageFields: ReadonlySet<string> = new Set<keyof TaskQuery>([
  "limit",
  "orderBy",
  "after",
  "offset",
  "includeValues",
]);
const longestSkip = 1_000;

/** Whether a page is found in a time that does not grow with the store: then it is read at once, over the writer. */
export function isQuickQuery(query: TaskQuery): boolean {
  const { orderBy = "created_desc", offset = 0 } = query;
  if ((orderBy !== "created_desc" && orderBy !== "created_asc") || offset > longestSkip) return false;
  const asked = Object.keys(query).filter((name) => !pageFields.has(name));
  // Two conditions may each be common and seldom meet, but for a status of a kind, which has an index of its own.
  const isOne = asked.length <= 1 && (query.tags?.length ?? 0) <= 1 && isStoredChannel(query.channels);
  const isKindAndStatus = asked.every((name) => name === "kinds" || name === "statuses");
  return asked.every((name) => indexed.has(name)) && (isOne || isKindAndStatus) && !mayBeReady(query);
}

/** Ready tasks have no index in the order of creation: few among many that were made later and have ended take long to find. */
function mayBeReady(query: TaskQuery): boolean {
  return possibleCodes(query)?.includes(code.queued) ?? false;
}

// A channel that may be derived is looked for in two places, which then have to be sorted.
function isStoredChannel(channels: readonly string[] = []): boolean {
  const [channel, ...others] = channels;
  return channel === undefined || (others.length === 0 && parseDerivedChannel(channel) === null);
}

/** Whether the counters know the answer. */
export function isQuickAggregate(filter: TaskFilter): boolean {
  return Object.keys(filter).every((name) => counted.has(name));
}
