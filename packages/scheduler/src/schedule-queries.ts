import type { EpochMs } from "@millrace/models";

/** How a schedule is named: its id, or its tenant and id. */
export type ScheduleName = string | { readonly tenantId: string; readonly id: string };

/** Which schedules to list. */
export interface ScheduleListQuery {
  readonly tenantId?: string;
  readonly ids?: readonly string[];
  readonly origin?: "code" | "run-time";
  /** How many of its next occurrences each tells. @defaultValue 5 */
  readonly runs?: number;
}

/** Which occurrences to list. */
export interface HistoryQuery {
  /** @defaultValue 30 */
  readonly limit?: number;
  readonly before?: EpochMs;
}
