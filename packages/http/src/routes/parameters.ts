import { taskOrders, type TaskOrder } from "@millrace/models";
import { object } from "../schema/object-schema.ts";
import { wholeParameter } from "../schema/query-schema.ts";
import { described, oneOf, optional, text, type Schema } from "../schema/schema.ts";

/** No parameters. */
export const nothing: Schema<object> = object({});

/** The id of a task, as it stands in a path. */
export const taskPath: Schema<{ readonly taskId: string }> = object({
  taskId: described(
    text({
      min: 36,
      max: 36,
      pattern: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
      what: "a lower-case UUID",
    }),
    "The id of a task.",
  ),
});

/** A kind, as it stands in a path; percent-encoded where it holds a slash. */
export const kindPath: Schema<{ readonly kind: string }> = object({
  kind: described(text({ max: 200 }), "The name of a kind."),
});

/** The id of a host, as it stands in a path. */
export const hostPath: Schema<{ readonly hostId: string }> = object({
  hostId: described(text({ max: 500 }), "The id of a host."),
});

/** The id of a schedule, as it stands in a path. */
export const schedulePath: Schema<{ readonly scheduleId: string }> = object({
  scheduleId: described(text({ max: 200 }), "The id of a schedule."),
});

/** Whose schedule it is, where whoever asks may act on all tenants. */
export const tenant: Schema<string | undefined> = described(
  optional(text({ min: 0, max: 200 })),
  "The tenant of the schedule, for those who may act on all of them.",
);

/** A query as people write it. */
export const q: Schema<string | undefined> = described(
  optional(text({ min: 0, max: 2_000, lines: true })),
  'A query such as `kind:billing.* state:failed age:<24h -tag:test "two words"`.',
);

/** Where the page before ended. */
export const after: Schema<string | undefined> = described(
  optional(text({ max: 2_000 })),
  "`next` of the page before.",
);

/** How many entries; the handler's own limit may be lower. */
export const limit: Schema<number | undefined> = described(
  optional(wholeParameter({ min: 1, max: 1_000 })),
  "How many entries at most.",
);

/** How a list of tasks is sorted. */
export const order: Schema<TaskOrder | undefined> = described(
  optional(oneOf(Object.keys(taskOrders) as TaskOrder[])),
  "How the list is sorted; `created_desc` unless said.",
);
