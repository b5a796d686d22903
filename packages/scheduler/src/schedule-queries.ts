import type { EpochMs } from "@millrace/models";
import type { ScheduleView } from "./schedule-view.ts";

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

/** Which page of schedules. */
export interface SchedulePageQuery extends ScheduleListQuery {
  /** @defaultValue 50 */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: string;
}

/** A page of schedules. */
export interface ScheduleViewPage {
  readonly schedules: readonly ScheduleView[];
  readonly next: string | null;
  /** The store's clock. */
  readonly now: EpochMs;
}

/** Which occurrences to list. */
export interface HistoryQuery {
  /** @defaultValue 30 */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: string;
}

/** Which occurrences that did not run, or not in time, to list. */
export interface UnmetQuery extends HistoryQuery {
  readonly tenantId?: string;
}
