import { occurrenceEvent, type OccurrenceRecord } from "@millrace/models";
import { tellControl } from "./tell-control.ts";

/** Tells what is to be told of an occurrence, and answers it. */
export function tellOccurrence(to: Parameters<typeof tellControl>[0], occurrence: OccurrenceRecord): OccurrenceRecord {
  const event = occurrenceEvent(occurrence);
  if (event) tellControl(to, event);
  return Object.freeze(occurrence);
}
