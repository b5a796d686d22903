import type { Json } from "@millrace/models";
import type { ScheduleView } from "@millrace/scheduler";
import { fields, flag, nullableNumber, ref } from "../openapi/answer-parts.ts";
import { addBody, definitionOf, updateBody } from "../schedules/schedule-body.ts";
import { schedulesOf, scheduleName, scheduleNotFound } from "../schedules/served-schedules.ts";
import { shownOccurrences, shownSchedules } from "../schedules/shown-schedule.ts";
import { object } from "../schema/object-schema.ts";
import { anyJson, described, optional } from "../schema/schema.ts";
import { emptyBody, tenant, whyBody } from "./parameters.ts";
import { route, type HttpCall, type Route } from "./route.ts";

const named = { querySchema: object({ tenant }), scope: "tenant" } as const;
const schedule = { description: "The schedule as it then stands.", schema: ref("Schedule") };

type ScheduleCall<Body = unknown> = HttpCall<{ readonly scheduleId: string }, { readonly tenant?: string }, Body>;

/** Notes the schedule for the audit, changes it, and answers with what became of it. */
async function changed(
  call: ScheduleCall,
  change: (name: { readonly tenantId: string; readonly id: string }) => Promise<ScheduleView>,
): Promise<{ value: unknown }> {
  call.note({ target: { type: "schedule", id: call.path.scheduleId } });
  return { value: await shown(call, await change(scheduleName(call))) };
}

async function shown(call: Pick<HttpCall, "api" | "access">, view: ScheduleView): Promise<unknown> {
  const depth = { schedules: schedulesOf(call), history: 30, tasks: 30, now: call.api.clock.now() };
  return (await shownSchedules(call, [view], depth))[0];
}

const addSchedule = route({
  method: "POST",
  path: "/v1/schedules",
  right: "add-schedule",
  scope: "tenant",
  summary: "Makes a schedule at run time.",
  bodySchema: addBody,
  answer: { ...schedule, status: 201 },
  async handle(call) {
    const { id, tenantId, ...rest } = call.body;
    call.note({ target: { type: "schedule", id } });
    const definition = definitionOf(call, rest, { id, ...(tenantId === undefined ? {} : { tenantId }) });
    return { status: 201, value: await shown(call, await schedulesOf(call).add(definition)) };
  },
});

const updateSchedule = route({
  method: "POST",
  path: "/v1/schedules/:scheduleId/update",
  right: "update-schedule",
  summary: "Describes a schedule anew that was made at run time; other times begin anew.",
  ...named,
  bodySchema: updateBody,
  answer: schedule,
  handle: (call) => changed(call, (name) => schedulesOf(call).update(definitionOf(call, call.body, name))),
});

const pauseSchedule = route({
  method: "POST",
  path: "/v1/schedules/:scheduleId/pause",
  right: "pause-schedule",
  summary: "Passes over the occurrences of a schedule, over restarts and redeploys.",
  ...named,
  bodySchema: whyBody,
  answer: schedule,
  handle(call) {
    call.note({ why: call.body?.why ?? null });
    return changed(call, (name) => schedulesOf(call).pause(name, { ...call.body, by: call.access.user }));
  },
});

const resumeSchedule = route({
  method: "POST",
  path: "/v1/schedules/:scheduleId/resume",
  right: "resume-schedule",
  summary: "Ends the pause of a schedule.",
  ...named,
  bodySchema: emptyBody,
  answer: schedule,
  handle: (call) => changed(call, (name) => schedulesOf(call).resume(name)),
});

const runSchedule = route({
  method: "POST",
  path: "/v1/schedules/:scheduleId/run",
  right: "run-schedule",
  summary: "Runs a schedule now, beside its times; its policy of overlaps holds.",
  ...named,
  bodySchema: optional(
    object({ input: described(anyJson<Json | undefined>(), "Instead of its own, as the kind's schema says.") }),
  ),
  answer: { status: 202, description: "The occurrence it became.", schema: ref("Occurrence") },
  async handle(call) {
    const { path, body } = call;
    call.note({ target: { type: "schedule", id: path.scheduleId } });
    const asked = body !== undefined && "input" in body ? { input: body.input } : {};
    const occurrence = await schedulesOf(call).runNow(scheduleName(call), asked);
    const [list] = await shownOccurrences(call, [[occurrence]], 1);
    return { status: 202, value: list?.[0] };
  },
});

const skipNext = route({
  method: "POST",
  path: "/v1/schedules/:scheduleId/skip",
  right: "skip-schedule",
  summary: "Passes over the next occurrence that is not passed over yet.",
  ...named,
  bodySchema: emptyBody,
  answer: {
    description: "Its time; null = none comes any more.",
    schema: fields({ skipped: nullableNumber }),
  },
  async handle(call) {
    call.note({ target: { type: "schedule", id: call.path.scheduleId } });
    return { value: { skipped: await schedulesOf(call).skipNext(scheduleName(call)) } };
  },
});

const removeSchedule = route({
  method: "DELETE",
  path: "/v1/schedules/:scheduleId",
  right: "remove-schedule",
  summary: "Removes a schedule; its tasks stay. One that code registers comes back with the next start.",
  ...named,
  answer: {
    description: "It is gone.",
    schema: fields({ removed: flag }),
  },
  async handle(call) {
    const { scheduleId } = call.path;
    call.note({ target: { type: "schedule", id: scheduleId } });
    if (!(await schedulesOf(call).remove(scheduleName(call)))) throw scheduleNotFound(scheduleId);
    return { value: { removed: true } };
  },
});

/** Routes that change schedules. */
export const changeScheduleRoutes: readonly Route[] = [
  addSchedule,
  updateSchedule,
  pauseSchedule,
  resumeSchedule,
  runSchedule,
  skipNext,
  removeSchedule,
];
