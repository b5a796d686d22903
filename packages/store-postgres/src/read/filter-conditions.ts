import {
  isFinal,
  isLeased,
  parseDerivedChannel,
  type TaskFilter,
  type TaskState,
  type TaskStatus,
  taskStatuses,
} from "@millrace/models";
import { label, statusCode } from "@millrace/store-sql";
import type { TableNames } from "../connection/table-names.ts";
import { tasksOfRow } from "../row/resting-row.ts";
import { flag } from "../row/task-flags.ts";

/** The parameters of a statement on its way, in order. */
export class Parameters {
  readonly values: unknown[] = [];

  /** Adds a value; what stands for it in the text. */
  add(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

/** What a filter asks of tasks: where to look, and what must hold there. */
export interface Where {
  readonly from: string;
  readonly conditions: readonly string[];
}

/** Writes a filter as SQL over `t`, `r` and `q`. Conditions of a status come as a join where one table has exactly those. */
export function whereOf(
  n: TableNames,
  filter: TaskFilter,
  { parameters, now }: { readonly parameters: Parameters; readonly now: number },
): Where {
  const statuses = possibleStatuses(filter);
  const all = (test: (status: TaskStatus) => boolean): boolean =>
    statuses !== null && statuses.length > 0 && statuses.every(test);
  const isAllLeased = filter.hostId !== undefined || all(isLeased);
  const isAllQueued = all((status) => status === "queued");
  const from = `${n.task} t ${isAllLeased ? "" : "left "}join ${n.running} r on r.id = t.id
    ${isAllQueued ? "" : "left "}join ${n.queue} q on q.id = t.id`;
  const conditions = fieldConditions(n, filter, parameters);
  if (statuses !== null) conditions.push(statusCondition(statuses, parameters));
  if (filter.states) conditions.push(anyOf(filter.states.map((state) => stateCondition(state, now, parameters))));
  return { from, conditions };
}

function fieldConditions(n: TableNames, filter: TaskFilter, parameters: Parameters): string[] {
  const found: string[] = [];
  const add = (value: unknown): string => parameters.add(value);
  const hasLabel = (text: string): string => `t.id in (select l.id from ${n.label} l where l.label = ${add(text)})`;
  if (filter.tenantId !== undefined) found.push(`t.tenant_id = ${add(filter.tenantId)}`);
  if (filter.kinds) found.push(`t.kind = any(${add(filter.kinds)}::text[])`);
  if (filter.taskIds) found.push(`t.id = any(${add(filter.taskIds)}::uuid[])`);
  for (const text of labelsOfFilter(filter)) found.push(hasLabel(text));
  if (filter.tags?.length === 0) found.push("false");
  const { rootId } = filter;
  if (rootId !== undefined) found.push(`(t.id = ${add(rootId)} or ${hasLabel(label.root(rootId))})`);
  if (filter.channels) found.push(anyOf(filter.channels.map((one) => channelCondition(n, one, parameters))));
  if (filter.originType !== undefined) {
    found.push(`coalesce(t.fixed::json -> 'origin' ->> 'type', 'client') = ${add(filter.originType)}`);
  }
  if (filter.hostId !== undefined) found.push(`r.host_id = ${add(filter.hostId)}`);
  if (filter.reasons) found.push(`t.loose::json ->> 'reason' = any(${add(filter.reasons)}::text[])`);
  if (filter.failureFingerprint !== undefined) {
    found.push(`t.loose::json ->> 'failureFingerprint' = ${add(filter.failureFingerprint)}`);
  }
  if (filter.createdFrom !== undefined) found.push(`t.created_at >= ${add(filter.createdFrom)}::bigint`);
  if (filter.createdBefore !== undefined) found.push(`t.created_at < ${add(filter.createdBefore)}::bigint`);
  if (filter.finishedFrom !== undefined) found.push(endedCondition(n, filter, parameters));
  return found;
}

/** Tasks at rest stand by status, kind and end in an index; the table has none that knows an end. */
function endedCondition(n: TableNames, filter: TaskFilter, parameters: Parameters): string {
  const ended = (possibleStatuses(filter) ?? taskStatuses).filter(isFinal).map(statusCode);
  const ofKinds = filter.kinds ? `x.kind = any(${parameters.add(filter.kinds)}::text[]) and ` : "";
  return `t.id in (select ${tasksOfRow("x")} from ${n.resting} x
    where x.status = any(${parameters.add(ended)}::smallint[]) and ${ofKinds}x.at >= ${parameters.add(filter.finishedFrom)}::bigint)`;
}

/** The labels that each task of a filter must have. */
function labelsOfFilter(filter: TaskFilter): readonly string[] {
  const { parentId, flowId, originId, dedupeKey, supersedeKey, concurrencyKey, tags = [] } = filter;
  const one = (value: string | undefined, sort: (text: string) => string): readonly string[] =>
    value === undefined ? [] : [sort(value)];
  return [
    ...one(dedupeKey, label.dedupe),
    ...one(supersedeKey, label.supersede),
    ...one(parentId, label.parent),
    ...one(flowId, label.flow),
    ...one(originId, label.origin),
    ...one(concurrencyKey, label.concurrency),
    ...tags.map(label.tag),
  ];
}

function channelCondition(n: TableNames, channel: string, parameters: Parameters): string {
  const labels = [label.channel(channel)];
  const derived = parseDerivedChannel(channel);
  if (derived?.field === "dedupeKey") labels.push(label.dedupe(derived.value));
  if (derived?.field === "supersedeKey") labels.push(label.supersede(derived.value));
  if (derived?.field === "concurrencyKey") labels.push(label.concurrency(derived.value));
  const has = `t.id in (select l.id from ${n.label} l where l.label = any(${parameters.add(labels)}::text[]))`;
  if (derived?.field === "id") return `(t.id::text = ${parameters.add(derived.value)} or ${has})`;
  if (derived?.field === "kind") return `(t.kind = ${parameters.add(derived.value)} or ${has})`;
  return has;
}

/** The statuses that a filter leaves possible; null when it says nothing of them. */
export function possibleStatuses({ statuses, states }: TaskFilter): readonly TaskStatus[] | null {
  const ofStates = states && new Set(states.flatMap(statusesOfState));
  if (statuses) return ofStates ? statuses.filter((status) => ofStates.has(status)) : statuses;
  return ofStates ? [...ofStates] : null;
}

function statusesOfState(state: TaskState): readonly TaskStatus[] {
  if (state === "stale") return ["claimed", "running"];
  return state === "scheduled" || state === "retrying" ? ["queued"] : [state];
}

// The record of a leased task says `queued` still: only the row of its lease knows better.
function statusCondition(statuses: readonly TaskStatus[], parameters: Parameters): string {
  const codes = [...new Set(statuses)].map(statusCode);
  const isResting = statuses.every((status) => !isLeased(status) && status !== "queued");
  const column = isResting ? "t.status" : "coalesce(r.status, t.status)";
  return codes.length === taskStatuses.length ? "true" : `${column} = any(${parameters.add(codes)}::smallint[])`;
}

function stateCondition(state: TaskState, now: number, parameters: Parameters): string {
  const isQueued = "(r.id is null and t.status = 1)";
  const time = (): string => `${parameters.add(now)}::bigint`;
  switch (state) {
    case "scheduled":
      return `(${isQueued} and t.scheduled_at > ${time()} and t.failures = 0)`;
    case "retrying":
      return `(${isQueued} and t.scheduled_at > ${time()} and t.failures > 0)`;
    case "queued":
      return `(${isQueued} and t.scheduled_at <= ${time()})`;
    case "stale":
      return `(r.id is not null and r.flags & ${flag.stale} <> 0)`;
    case "claimed":
    case "running":
      return `(r.status = ${statusCode(state)} and r.flags & ${flag.stale} = 0)`;
    case "blocked":
    case "suspended":
    case "paused":
    case "succeeded":
    case "failed":
    case "cancelled":
      return `t.status = ${statusCode(state)}`;
  }
}

function anyOf(parts: readonly string[]): string {
  return parts.length === 0 ? "false" : `(${parts.join(" or ")})`;
}
