import type { EnqueueOptions, Json, RescheduleOptions, TaskSnapshot } from "@millrace/models";
import { invalidRequest } from "../answer/invalid-request.ts";
import { ref } from "../openapi/answer-parts.ts";
import { object } from "../schema/object-schema.ts";
import { anyJson, described, optional, text, whole } from "../schema/schema.ts";
import { changedTask, taskAnswer } from "./change-tasks.ts";
import { shownOutcome } from "./enqueue-tasks.ts";
import { route, type Route } from "./route.ts";
import { scopedTask } from "./scoped-task.ts";

const delayMs = described(optional(whole({ min: 0, max: 3_155_760_000_000 })), "So many ms from now.");
const priority = optional(whole({ min: -32_768, max: 32_767 }));
const input = described(anyJson<Json | undefined>(), "As the kind's schema says.");

const rescheduleTask = route({
  method: "POST",
  path: "/v1/tasks/:taskId/reschedule",
  right: "reschedule",
  scope: "tenant",
  summary: "Moves a queued task to another time or priority; to now unless a time is said.",
  bodySchema: object({ scheduledAt: described(optional(text({ max: 40 })), "ISO 8601."), delayMs, priority }),
  answer: taskAnswer,
  async handle(call) {
    const { scheduledAt, delayMs: delay } = call.body;
    if (scheduledAt !== undefined && Number.isNaN(Date.parse(scheduledAt))) {
      throw invalidRequest("body.scheduledAt", "must be ISO 8601");
    }
    if (scheduledAt !== undefined && delay !== undefined) {
      throw invalidRequest("body.delayMs", "cannot be given together with scheduledAt");
    }
    // An absent field is absent here too: the schema drops it.
    const to: RescheduleOptions = call.body;
    return changedTask(call, () => call.api.client.reschedule(call.path.taskId, to));
  },
});

const replaceInput = route({
  method: "POST",
  path: "/v1/tasks/:taskId/input",
  right: "replace-input",
  scope: "tenant",
  summary: "Gives a queued task another input.",
  bodySchema: object({ input }),
  answer: taskAnswer,
  async handle(call) {
    if (!("input" in call.body)) throw invalidRequest("body.input", "must be given");
    return changedTask(call, () => call.api.client.replaceInput(call.path.taskId, call.body.input));
  },
});

const copyTask = route({
  method: "POST",
  path: "/v1/tasks/:taskId/copy",
  right: "enqueue",
  scope: "tenant",
  summary: "Makes a new task like an old one, with its input or another; the old one is its origin.",
  bodySchema: optional(object({ input, delayMs, priority })),
  answer: { status: 201, description: "The new task.", schema: ref("Enqueued") },
  async handle(call) {
    const { taskId } = call.path;
    const body = call.body ?? {};
    call.note({ target: { type: "task", id: taskId }, why: "copy" });
    const before = await scopedTask(call, taskId);
    if (before.kind.startsWith("millrace.")) throw invalidRequest("path.taskId", "is a task of a reserved kind");
    const isNew = "input" in body;
    if (!isNew && isUnreadable(before.input)) {
      throw invalidRequest("body.input", "must be given, since the input of the task cannot be read here");
    }
    const outcome = await call.api.client.enqueue(before.kind, isNew ? body.input : before.input, {
      ...copiedOptions(before, isNew),
      ...(body.priority === undefined ? {} : { priority: body.priority }),
      ...(body.delayMs === undefined ? {} : { delayMs: body.delayMs }),
    });
    call.note({ after: outcome.task.status, why: `copy ${outcome.task.id}` });
    return { status: 201, value: shownOutcome(call, outcome) };
  },
});

/** What of a task holds for a copy of it. Keys that stand for this very task (dedupe, supersede) and its tree do not. */
function copiedOptions(task: TaskSnapshot, hasNewInput: boolean): EnqueueOptions {
  const { id, tenantId, metadata, context, logContext, tags, priority: rank } = task;
  const { maxAttempts } = task.retry;
  return {
    tenantId,
    metadata,
    context,
    logContext,
    priority: rank,
    concurrencyKeys: task.concurrencyKeys,
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
    timeoutMs: task.timeoutMs,
    retainForMs: task.retainForMs,
    origin: { type: "task", id },
    // Its host has been heard of, or the old task would not be there.
    allowUnknownKinds: true,
    // Some may stand for what was in the input.
    ...(hasNewInput ? {} : { tags }),
  };
}

function isUnreadable(value: TaskSnapshot["input"]): boolean {
  return typeof value === "object" && value !== null && "unreadable" in value && value["unreadable"] === true;
}

/** Routes that change what a queued task says, or make another one of it. */
export const changeQueuedRoutes: readonly Route[] = [rescheduleTask, replaceInput, copyTask];
