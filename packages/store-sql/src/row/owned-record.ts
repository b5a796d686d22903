import type { TaskRecord } from "@millrace/models";
import { deepFrozen } from "./deep-frozen.ts";
import { usualFixed } from "./fixed-fields.ts";

/** A new task's record with lists and objects that are the store's own: the caller may go on changing those it gave. */
export function ownedRecord(task: TaskRecord): TaskRecord {
  return Object.freeze({
    ...task,
    metadata: ownCopy(task.metadata, usualFixed.metadata),
    context: ownCopy(task.context, usualFixed.context),
    logContext: ownCopy(task.logContext, usualFixed.logContext),
    tags: ownCopy(task.tags, usualFixed.tags),
    channels: ownCopy(task.channels, usualFixed.channels),
    origin: Object.freeze({ ...task.origin }),
    concurrencyKeys: ownCopy(task.concurrencyKeys, usualFixed.concurrencyKeys),
    retry: ownCopy(task.retry, usualFixed.retry),
  });
}

function ownCopy<Value extends object>(value: Value, empty: Value): Value {
  for (const name in value) if (Object.hasOwn(value, name)) return deepFrozen(structuredClone(value));
  return empty;
}
