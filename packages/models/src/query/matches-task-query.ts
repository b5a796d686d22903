import { taskChannels } from "../task/task-channel.ts";
import type { TaskRecord } from "../task/task-record.ts";
import { taskState } from "../task/task-state.ts";
import type { EpochMs } from "../time/clock.ts";
import type { TaskFilter } from "./task-query.ts";

/** What a filter looks at; a snapshot has these fields too. */
export type FilterFields = Pick<
  TaskRecord,
  | "id"
  | "tenantId"
  | "kind"
  | "status"
  | "reason"
  | "scheduledAt"
  | "failures"
  | "staleAt"
  | "channels"
  | "tags"
  | "dedupeKey"
  | "concurrencyKeys"
  | "supersedeKey"
  | "parentId"
  | "rootId"
  | "flowId"
  | "origin"
  | "hostId"
  | "failureFingerprint"
  | "createdAt"
  | "finishedAt"
>;

/**
 * Whether a task is one of those a filter means, at a moment (`states` depend on it). The rule that every store's own
 * query is measured against: fields joined by "and", the values of one field by "or", tags all, an empty list none.
 */
export function matchesTaskQuery(task: FilterFields, filter: TaskFilter, now: EpochMs): boolean {
  return (
    is(filter.tenantId, task.tenantId) &&
    isIn(filter.taskIds, task.id) &&
    isIn(filter.kinds, task.kind) &&
    isIn(filter.statuses, task.status) &&
    (filter.states === undefined || filter.states.includes(taskState(task, now))) &&
    isIn(filter.reasons, task.reason) &&
    matchesKeys(task, filter) &&
    matchesLinks(task, filter) &&
    (filter.createdFrom === undefined || task.createdAt >= filter.createdFrom) &&
    (filter.createdBefore === undefined || task.createdAt < filter.createdBefore) &&
    (filter.finishedFrom === undefined || (task.finishedAt !== null && task.finishedAt >= filter.finishedFrom))
  );
}

function matchesKeys(task: FilterFields, filter: TaskFilter): boolean {
  const { channels, tags, concurrencyKey } = filter;
  return (
    is(filter.dedupeKey, task.dedupeKey) &&
    is(filter.supersedeKey, task.supersedeKey) &&
    (concurrencyKey === undefined || task.concurrencyKeys.some(({ key }) => key === concurrencyKey)) &&
    (tags === undefined || (tags.length > 0 && tags.every((tag) => task.tags.includes(tag)))) &&
    (channels === undefined || taskChannels(task).some((channel) => channels.includes(channel)))
  );
}

function matchesLinks(task: FilterFields, filter: TaskFilter): boolean {
  return (
    is(filter.parentId, task.parentId) &&
    is(filter.rootId, task.rootId) &&
    is(filter.flowId, task.flowId) &&
    is(filter.originType, task.origin.type) &&
    is(filter.originId, task.origin.id) &&
    is(filter.hostId, task.hostId) &&
    is(filter.failureFingerprint, task.failureFingerprint)
  );
}

function is(wanted: string | undefined, found: string | null): boolean {
  return wanted === undefined || wanted === found;
}

function isIn<Value extends string>(wanted: readonly Value[] | undefined, found: NoInfer<Value> | null): boolean {
  return wanted === undefined || (found !== null && wanted.includes(found));
}
