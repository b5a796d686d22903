import { TaskError } from "@millrace/models";
import type { Scheduler, ScheduleName } from "@millrace/scheduler";
import type { HttpCall } from "../routes/route.ts";

/** What of a scheduler is served. */
export type ServedSchedules = Pick<
  Scheduler,
  "add" | "update" | "pause" | "resume" | "runNow" | "skipNext" | "remove" | "page" | "history" | "unmet"
>;

/** The schedules of this handler. @throws `PART_NOT_SERVED` where it was made without */
export function schedulesOf({ api }: Pick<HttpCall, "api">): ServedSchedules {
  if (api.schedules !== null) return api.schedules;
  throw new TaskError("PART_NOT_SERVED", "This handler was made without schedules.", {
    fix: "Give `schedules`, a scheduler of the host, to `createTaskHttpHandler`.",
  });
}

/** The tenant that is meant: whoever is kept to one means that. @throws `REQUEST_FORBIDDEN` */
export function tenantOf({ access }: Pick<HttpCall, "access">, given: string | undefined, path: string): string {
  const { tenantId } = access;
  if (tenantId === null) return given ?? "";
  if (given === undefined || given === tenantId) return tenantId;
  throw new TaskError("REQUEST_FORBIDDEN", "A schedule of another tenant was asked for.", { details: { path } });
}

/** Which schedule a path names. */
export function scheduleName(
  call: Pick<HttpCall<{ readonly scheduleId: string }, { readonly tenant?: string }>, "access" | "path" | "query">,
): Exclude<ScheduleName, string> {
  return { tenantId: tenantOf(call, call.query.tenant, "query.tenant"), id: call.path.scheduleId };
}

/** The answer to an id that is not there, or is another tenant's. */
export function scheduleNotFound(id: string): TaskError {
  return new TaskError("SCHEDULE_NOT_FOUND", `There is no schedule "${id}".`, { details: { path: "path.scheduleId" } });
}
