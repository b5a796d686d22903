import { TaskError, type EnqueueOptions, type EnqueueOutcome, type Json, type JsonObject } from "@millrace/models";
import type { ScheduledTaskOptions } from "@millrace/scheduler";
import { invalidRequest } from "../answer/invalid-request.ts";
import { listOf, ref } from "../openapi/answer-parts.ts";
import { object, record } from "../schema/object-schema.ts";
import {
  anyJson,
  described,
  flag,
  list,
  nullable,
  oneOf,
  optional,
  text,
  whole,
  type Schema,
  type ValueOf,
} from "../schema/schema.ts";
import { route, type HttpCall, type Route } from "./route.ts";
import { shownTask } from "./shown-task.ts";

const name = text({ max: 500 });
const duration = whole({ min: 0, max: 3_155_760_000_000 });
const time = text({ max: 40 });
const strings = record(text({ min: 0, max: 4_096, lines: true }), { max: 100 });
const key = described(
  anyJson<string | { readonly key: string; readonly limit?: number }>({
    anyOf: [
      { type: "string" },
      { type: "object", properties: { key: { type: "string" }, limit: { type: "integer" } } },
    ],
  }),
  "A key, or `{ key, limit }`.",
);

/** What may be said of a task over HTTP whoever makes it: its labels, keys and bounds. */
const labels = {
  metadata: optional(anyJson<JsonObject | undefined>({ type: "object" })),
  context: optional(strings),
  logContext: optional(strings),
  traceParent: optional(text({ max: 100 })),
  summary: optional(text({ max: 200 })),
  tags: optional(list(text({ max: 200 }), { max: 16 })),
  channels: optional(list(text({ max: 500 }), { max: 32 })),
  priority: optional(whole({ min: -32_768, max: 32_767 })),
  expiresInMs: optional(duration),
  dedupeKey: optional(name),
  dedupePolicy: optional(oneOf(["reuse", "reject", "replace"])),
  dedupeForMs: optional(duration),
  debounceMs: optional(duration),
  throttleMs: optional(duration),
  supersedeKey: optional(name),
  supersedeExisting: optional(flag),
  concurrencyKey: optional(name),
  concurrencyKeys: optional(list(key, { max: 4 })),
  maxAttempts: optional(nullable(whole({ min: 1, max: 1_000_000 }))),
  timeoutMs: optional(nullable(duration)),
  retainForMs: optional(nullable(whole({ min: -1, max: 3_155_760_000_000 }))),
} as const;

/** What a schedule may say of its tasks. */
export const scheduledTaskOptions: Schema<ScheduledTaskOptions> = object(
  labels,
) as Schema<unknown> as Schema<ScheduledTaskOptions>;

/** What may be said of a task over HTTP: what it is and when it runs, never where it stands, who owns it or who made it. */
const options = object({
  ...labels,
  id: described(optional(text({ max: 36 })), "A lower-case UUID; a repeated one answers with the task it made."),
  tenantId: optional(text({ min: 0, max: 200 })),
  scheduledAt: described(optional(time), "ISO 8601."),
  delayMs: optional(duration),
  expiresAt: described(optional(time), "ISO 8601."),
  waitFor: optional(list(text({ max: 36 }), { max: 1_000 })),
  waitTimeoutMs: optional(nullable(duration)),
  flowId: optional(text({ max: 200 })),
});

const item = object({
  kind: text({ max: 200 }),
  input: described(anyJson<Json | undefined>(), "As the kind's schema says."),
  options: optional(options),
});

type Item = ValueOf<typeof item>;

const enqueueOne = route({
  method: "POST",
  path: "/v1/tasks",
  right: "enqueue",
  scope: "tenant",
  summary: "Makes a task.",
  bodySchema: item,
  answer: { status: 201, description: "The task, and whether it was made now.", schema: ref("Enqueued") },
  async handle(call) {
    const { kind, input } = call.body;
    call.note({ target: { type: "kind", id: kind } });
    const outcome = await call.api.client.enqueue(kind, input, scopedOptions(call, call.body, "body.options"));
    call.note({ target: { type: "task", id: outcome.task.id }, after: outcome.task.status });
    return { status: outcome.disposition === "reused" ? 200 : 201, value: shownOutcome(call, outcome) };
  },
});

const enqueueMany = route({
  method: "POST",
  path: "/v1/tasks/batch",
  right: "enqueue",
  scope: "tenant",
  summary: "Makes many tasks, all or none.",
  bodySchema: object({ items: list(item, { max: 10_000 }) }),
  answer: { status: 201, description: "Aligned with `items`.", schema: listOf("tasks", ref("Enqueued")) },
  async handle(call) {
    const { items } = call.body;
    const { batchSize } = call.api.limits;
    call.note({ target: { type: "query", id: `${items.length} tasks` } });
    if (items.length > batchSize) {
      throw new TaskError("GROUP_TOO_LARGE", `${items.length} tasks in one call; ${batchSize} are allowed.`, {
        details: { path: "body.items" },
        fix: "Split the list.",
      });
    }
    const outcomes = await call.api.client.enqueueMany(
      items.map((one, index) => ({
        kind: one.kind,
        input: one.input,
        options: scopedOptions(call, one, `body.items[${index}].options`),
      })),
    );
    return { status: 201, value: { tasks: outcomes.map((outcome) => shownOutcome(call, outcome)) } };
  },
});

/** Whoever is kept to a tenant makes tasks of that tenant, and no others. @throws `REQUEST_FORBIDDEN` */
function scopedOptions(
  { access }: Pick<HttpCall, "access">,
  { kind, options: given = {} }: Item,
  path: string,
): EnqueueOptions {
  const { tenantId } = access;
  if (tenantId !== null && given.tenantId !== undefined && given.tenantId !== tenantId) {
    throw new TaskError("REQUEST_FORBIDDEN", "A task of another tenant was asked for.", {
      details: { path: `${path}.tenantId` },
    });
  }
  if (kind.startsWith("millrace.")) throw invalidRequest(path.replace(/options$/, "kind"), "is reserved");
  // An absent field is absent here too: the schema drops it.
  return { ...(given as EnqueueOptions), ...(tenantId === null ? {} : { tenantId }) };
}

/** What an enqueue brought, with what may be done to the task. */
export function shownOutcome({ access }: Pick<HttpCall, "access">, outcome: EnqueueOutcome): unknown {
  const { task, disposition, deduplicated, reusedTaskId, supersededTaskIds, notReplaced, replayed } = outcome;
  return {
    task: shownTask(task, access),
    disposition,
    deduplicated,
    reusedTaskId,
    supersededTaskIds,
    notReplaced: notReplaced ?? false,
    replayed: replayed ?? false,
  };
}

/** Routes that make tasks. */
export const enqueueRoutes: readonly Route[] = [enqueueOne, enqueueMany];
