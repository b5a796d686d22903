import { TaskError, type Json, type TaskSnapshot } from "@millrace/models";
import { fields, flag, ref } from "../openapi/answer-parts.ts";
import { object } from "../schema/object-schema.ts";
import { anyJson, described, optional, text } from "../schema/schema.ts";
import { emptyBody, why, whyBody } from "./parameters.ts";
import { route, type HttpCall, type Route } from "./route.ts";
import { notFound, scopedTask } from "./scoped-task.ts";
import { shownTask } from "./shown-task.ts";

/** What a change of one task is answered with. */
export const taskAnswer: Pick<Route["answer"], "description" | "schema"> = {
  description: "The task as it then stands.",
  schema: ref("Task"),
};

/** A call about one task. */
export type TaskCall<Body = unknown> = HttpCall<{ readonly taskId: string }, unknown, Body>;

/** Finds the task, notes it for the audit, changes it, and answers with what became of it. */
export async function changedTask(
  call: TaskCall,
  change: (before: TaskSnapshot) => Promise<unknown>,
): Promise<{ value: unknown }> {
  const { taskId } = call.path;
  call.note({ target: { type: "task", id: taskId } });
  const before = await scopedTask(call, taskId);
  call.note({ before: before.status });
  await change(before);
  const after = await call.api.client.getTask(taskId);
  if (!after) throw notFound(taskId);
  call.note({ after: after.status });
  return { value: shownTask(after, call.access) };
}

const retryTask = route({
  method: "POST",
  path: "/v1/tasks/:taskId/retry",
  right: "retry",
  scope: "tenant",
  summary: "Runs an ended task again, or one that waits for its time at once.",
  bodySchema: emptyBody,
  answer: taskAnswer,
  handle: (call) => changedTask(call, () => call.api.client.retry(call.path.taskId)),
});

const cancelBody = optional(object({ reason: why }));

const cancelTask = route({
  method: "POST",
  path: "/v1/tasks/:taskId/cancel",
  right: "cancel",
  scope: "tenant",
  summary: "Cancels a task; one that runs is asked to stop.",
  bodySchema: cancelBody,
  answer: taskAnswer,
  handle: (call) => cancelled(call, "request"),
});

const terminateTask = route({
  method: "POST",
  path: "/v1/tasks/:taskId/terminate",
  right: "terminate",
  scope: "tenant",
  summary: "Cancels a task at once: one that runs loses its lease, whatever its handler does.",
  bodySchema: cancelBody,
  answer: taskAnswer,
  handle: (call) => cancelled(call, "terminate"),
});

function cancelled(
  call: TaskCall<{ readonly reason?: string } | undefined>,
  mode: "request" | "terminate",
): Promise<{ value: unknown }> {
  const { taskId } = call.path;
  const reason = call.body?.reason;
  call.note({ why: reason ?? null });
  return changedTask(call, () => call.api.client.cancel(taskId, reason, { mode, by: call.access.user }));
}

const removeTask = route({
  method: "DELETE",
  path: "/v1/tasks/:taskId",
  right: "remove",
  scope: "tenant",
  summary: "Removes an ended task with all that belongs to it.",
  answer: {
    description: "It is gone.",
    schema: fields({ removed: flag }),
  },
  async handle(call) {
    const { taskId } = call.path;
    call.note({ target: { type: "task", id: taskId } });
    const before = await scopedTask(call, taskId);
    call.note({ before: before.status });
    // The store removes open tasks too, for programs that know what they do; a click must not.
    if (!["succeeded", "failed", "cancelled"].includes(before.status)) {
      throw new TaskError("WRONG_STATUS", `Task ${taskId} is ${before.status}.`, { fix: "Cancel it first." });
    }
    return { value: { removed: await call.api.client.remove(taskId) } };
  },
});

const signalTask = route({
  method: "POST",
  path: "/v1/tasks/:taskId/signal",
  right: "signal",
  scope: "tenant",
  summary: "Sends a signal to a task.",
  bodySchema: object({
    name: text({ max: 200 }),
    payload: described(anyJson<Json | undefined>(), "Anything that JSON can say."),
    signalId: described(optional(text({ max: 200 })), "A repeated id is ignored."),
  }),
  answer: {
    description: "`woke`: it waited for this. `kept`: for its next wait. `repeated`: this id was seen before.",
    schema: fields({ result: { enum: ["woke", "kept", "repeated"] } }),
  },
  async handle(call) {
    const { name, payload, signalId } = call.body;
    const { taskId } = call.path;
    call.note({ target: { type: "task", id: taskId }, why: name });
    const before = await scopedTask(call, taskId);
    call.note({ before: before.status });
    const result = await call.api.client.signal(taskId, name, payload, signalId === undefined ? {} : { signalId });
    return { value: { result } };
  },
});

const pauseTask = route({
  method: "POST",
  path: "/v1/tasks/:taskId/pause",
  right: "pause",
  scope: "tenant",
  summary: "Sets a task aside.",
  bodySchema: whyBody,
  answer: taskAnswer,
  async handle(call) {
    call.note({ why: call.body?.why ?? null });
    return changedTask(call, () => call.api.client.pause(call.path.taskId, { ...call.body, by: call.access.user }));
  },
});

const resumeTask = route({
  method: "POST",
  path: "/v1/tasks/:taskId/resume",
  right: "resume",
  scope: "tenant",
  summary: "Ends a pause, or a wait for a person.",
  bodySchema: emptyBody,
  answer: taskAnswer,
  handle: (call) => changedTask(call, () => call.api.client.resume(call.path.taskId)),
});

/** Routes that change one task. */
export const changeTaskRoutes: readonly Route[] = [
  retryTask,
  cancelTask,
  terminateTask,
  removeTask,
  signalTask,
  pauseTask,
  resumeTask,
];
