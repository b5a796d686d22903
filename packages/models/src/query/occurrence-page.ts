import type { OccurrencePage, OccurrenceQuery, OccurrenceRecord } from "../contracts/schedules.ts";
import { occurrenceCursor } from "./page-cursor.ts";

/** How many occurrences a page has when its query does not say. */
export const defaultOccurrenceLimit = 100;

/** A page from all that was found from its place on, in order: more than the query's limit when there is a next page. */
export function occurrencePage(found: readonly OccurrenceRecord[], query: OccurrenceQuery): OccurrencePage {
  const { limit = defaultOccurrenceLimit } = query;
  const occurrences = found.slice(0, limit);
  const last = occurrences.at(-1);
  const next = found.length > limit && last ? occurrenceCursor(last, query) : null;
  return Object.freeze({ occurrences: Object.freeze(occurrences), next });
}
