import type { Json } from "@millrace/models";
import type { ScheduleDefinition, ScheduleTime } from "@millrace/scheduler";
import { invalidRequest } from "../answer/invalid-request.ts";
import type { HttpCall } from "../routes/route.ts";
import { scheduledTaskOptions } from "../routes/enqueue-tasks.ts";
import { object } from "../schema/object-schema.ts";
import { anyJson, described, oneOf, optional, text, whole, type Schema } from "../schema/schema.ts";
import { tenantOf } from "./served-schedules.ts";

const moment = described(optional(text({ max: 40 })), "ISO 8601.");
const times: Schema<ScheduleTime | readonly ScheduleTime[]> = described(
  anyJson<ScheduleTime | readonly ScheduleTime[]>({ type: ["object", "array"] }),
  "`{ cron }`, `{ every: { days, hours, minutes, ms }, firstAt }` or `{ at }`, or a list of at most 100 of them.",
);

/** What may be said of a schedule over HTTP besides its name. */
export interface ScheduleBody extends Pick<
  ScheduleDefinition,
  "input" | "timeZone" | "catchUp" | "overlap" | "jitterMs" | "options"
> {
  readonly task: string;
  readonly times?: ScheduleDefinition["times"];
  readonly startAt?: string;
  readonly endAt?: string;
}

const shape = {
  task: described(text({ max: 200 }), "The kind it enqueues."),
  input: described(anyJson<Json | undefined>(), "As the kind's schema says."),
  times,
  timeZone: described(optional(text({ max: 100 })), "The IANA zone of its cron expressions; UTC unless said."),
  startAt: moment,
  endAt: moment,
  catchUp: optional(oneOf(["skip", "latest", "all"])),
  overlap: optional(oneOf(["allow", "skip", "queue", "replace"])),
  jitterMs: optional(whole({ min: 0, max: 86_400_000 })),
  options: described(optional(scheduledTaskOptions), "What is said of its tasks."),
} as const;

/** A schedule that is described anew: its name stands in the path. */
export const updateBody: Schema<ScheduleBody> = object(shape);

/** A new schedule. */
export const addBody: Schema<ScheduleBody & { readonly id: string; readonly tenantId?: string }> = object({
  id: described(text({ max: 200 }), "Its own within its tenant."),
  tenantId: optional(text({ min: 0, max: 200 })),
  ...shape,
});

/** The description of a schedule for the scheduler, which judges the rest. @throws `REQUEST_FORBIDDEN`, `BODY_INVALID` */
export function definitionOf(
  call: Pick<HttpCall, "access">,
  body: ScheduleBody,
  { id, tenantId }: { readonly id: string; readonly tenantId?: string },
): ScheduleDefinition {
  if (body.task.startsWith("millrace.")) throw invalidRequest("body.task", "is reserved");
  const { times: given, ...rest } = body;
  if (given === undefined) throw invalidRequest("body.times", "must be given");
  return {
    ...rest,
    id,
    tenantId: tenantOf(call, tenantId, "body.tenantId"),
    times: given,
  };
}
