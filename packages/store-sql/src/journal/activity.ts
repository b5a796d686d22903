import { type ActivityCount, type ActivityType, activityTypes } from "@millrace/models";
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

/** Joins the sums of types that count as the same, and sorts them. A row is: when its part begins, the kind, the type's number, the sum. */
export function activityCounts(rows: readonly (readonly unknown[])[]): readonly ActivityCount[] {
  const sums = new Map<string, ActivityCount>();
  for (const row of rows) {
    const [at, kind, type] = [Number(row[0]), String(row[1]), typeOfCode.get(Number(row[2]))];
    if (type === undefined) continue;
    const key = JSON.stringify([at, kind, type]);
    sums.set(key, { at, kind, type, count: Number(row[3]) + (sums.get(key)?.count ?? 0) });
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
