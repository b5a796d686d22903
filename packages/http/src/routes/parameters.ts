import { longestFailureKey, taskOrders, type TaskOrder } from "@millrace/models";
import { object } from "../schema/object-schema.ts";
import { wholeParameter } from "../schema/query-schema.ts";
import { described, oneOf, optional, text, type Schema } from "../schema/schema.ts";

/** What may stand in a path, by its name there; percent-encoded where it holds a slash. */
export const pathParameters: Readonly<
  Record<"taskId" | "kind" | "hostId" | "scheduleId" | "failureKey", Schema<string>>
> = {
  taskId: described(
    text({
      min: 36,
      max: 36,
      pattern: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
      what: "a lower-case UUID",
    }),
    "The id of a task.",
  ),
  kind: described(text({ max: 200 }), "The name of a kind."),
  hostId: described(text({ max: 500 }), "The id of a host."),
  scheduleId: described(text({ max: 200 }), "The id of a schedule."),
  failureKey: described(text({ max: longestFailureKey }), "The `key` of a group of failures."),
};

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

/** Why something is done, for those who look later. */
export const why: Schema<string | undefined> = described(
  optional(text({ min: 0, max: 500, lines: true })),
  "Why, for those who look later.",
);

/** A body of nothing but that, or none. */
export const whyBody: Schema<{ readonly why?: string } | undefined> = optional(object({ why }));

/** No body, or an empty one. */
export const emptyBody: Schema<object | undefined> = optional(object({}));
