import type { RetentionSweep } from "@millrace/models";
import { deepFrozen } from "../row/deep-frozen.ts";

/** The last sweep as the value of a row of `meta`. */
export function sweepToColumn(sweep: RetentionSweep): string {
  return JSON.stringify(sweep);
}

/** The last sweep of such a value; null where there is no row. */
export function sweepOfColumn(value: unknown): RetentionSweep | null {
  return typeof value === "string" ? deepFrozen(JSON.parse(value) as RetentionSweep) : null;
}
