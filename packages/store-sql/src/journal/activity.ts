import { type ActivityCount, type ActivityType, activityTypes, type EpochMs } from "@millrace/models";
import { eventCode } from "../codec/event-code.ts";
import { startedAndSucceeded } from "./journal-buffer.ts";

/** No more of the newest rows of a journal are looked at. */
export const activityRows: number = 20_000;

const typeOfCode: ReadonlyMap<number, ActivityType> = new Map([
  ...Object.entries(activityTypes).flatMap(([word, type]) => {
    const code = eventCode(word);
    return code === null ? [] : [[code, type] as const];
  }),
  [startedAndSucceeded, "succeeded" as const],
]);

/** The numbers of the types of rows that are counted, for a list in SQL. */
export const activityCodes: string = [...typeOfCode.keys()].join(", ");

/** A sum over rows of one type. */
export interface ActivityRow {
  readonly at: EpochMs;
  readonly kind: string;
  readonly code: number;
  readonly count: number;
}

/** Joins the sums of types that count as the same, and sorts them. */
export function activityCounts(rows: readonly ActivityRow[]): readonly ActivityCount[] {
  const sums = new Map<string, ActivityCount>();
  for (const { at, kind, code, count } of rows) {
    const type = typeOfCode.get(code);
    if (type === undefined) continue;
    const key = JSON.stringify([at, kind, type]);
    sums.set(key, { at, kind, type, count: count + (sums.get(key)?.count ?? 0) });
  }
  return [...sums.values()].toSorted(inOrder);
}

/** By time, kind and type. */
function inOrder(a: ActivityCount, b: ActivityCount): number {
  return a.at - b.at || compare(a.kind, b.kind) || compare(a.type, b.type);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
