import type { AnyTaskDefinition, EnqueueOptions, EpochMs } from "@millrace/models";
import type { CatchUp, Overlap } from "./schedule-policy.ts";

/** When a schedule is met. */
export type ScheduleTime =
  /** Five fields (minute, hour, day of the month, month, day of the week), or six with the second before them. */
  | { readonly cron: string }
  /** The sum of what is given, counted from the occurrence before; at least 100 ms. */
  | {
      readonly every: {
        readonly days?: number;
        readonly hours?: number;
        readonly minutes?: number;
        readonly ms?: number;
      };
      /** The first occurrence. @defaultValue one interval after the schedule was made */
      readonly firstAt?: string | Date | EpochMs;
    }
  /** Once; at once when it is past already. */
  | { readonly at: string | Date | EpochMs };

/** What may be said of the tasks of a schedule: all that may be said of a task, but for its id and its times. */
export type ScheduledTaskOptions = Omit<
  EnqueueOptions,
  "id" | "scheduledAt" | "delayMs" | "expiresAt" | "waitFor" | "waitTimeoutMs" | "origin" | "flowId" | "tenantId"
>;

/** A schedule as somebody describes it. */
export interface ScheduleDefinition {
  /** Its own within its tenant; at most 200 characters. */
  readonly id: string;
  /** @defaultValue "" */
  readonly tenantId?: string;
  /** What it enqueues: a kind or a definition. */
  readonly task: string | AnyTaskDefinition;
  readonly input?: unknown;
  /** One or several; a moment that two of them name is one occurrence. At most 100. */
  readonly times: ScheduleTime | readonly ScheduleTime[];
  /** The IANA zone of its cron expressions. @defaultValue "UTC" */
  readonly timeZone?: string;
  /** No occurrence before. */
  readonly startAt?: string | Date | EpochMs;
  /** No occurrence after. */
  readonly endAt?: string | Date | EpochMs;
  /** @defaultValue "latest" */
  readonly catchUp?: CatchUp;
  /** @defaultValue "skip" */
  readonly overlap?: Overlap;
  /** Each task may begin up to so much later, the same on every host. Milliseconds. @defaultValue 0 */
  readonly jitterMs?: number;
  readonly options?: ScheduledTaskOptions;
}
