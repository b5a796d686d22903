import { parseDerivedChannel, type TaskFilter, type TaskState, type TaskStatus } from "@millrace/models";
import { label, statusCode } from "@millrace/store-sql";
import type { TableNames } from "../connection/table-names.ts";
import type { SqliteValue } from "../driver/sqlite-database.ts";
import { code } from "../row/task-flags.ts";

/** A condition on the row `t` of a task, with its parameters in order. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly SqliteValue[];
}

const queued = `t.status in (${code.queued}, ${code.parked}, ${code.notDue})`;

// A plain `0` would leave the planner without use for the index that the statement names, and it would refuse.
const nothing = "t.seq < 0";

/** Everything a filter asks of a row but `statuses` and `kinds`, which choose where to look. */
export function filterConditions(names: TableNames, filter: TaskFilter, now: number): readonly Condition[] {
  const found: Condition[] = [];
  const add = (sql: string, ...values: readonly SqliteValue[]): void => void found.push({ sql, values });
  const hasLabel = `exists (select 1 from ${names.label} l where l.label = ? and l.seq = t.seq)`;
  const loose = (name: string): string =>
    `(select json_extract(x.loose, '$.${name}') from ${names.loose} x where x.seq = t.seq)`;
  if (filter.tenantId !== undefined) add("t.tenant_id = ?", filter.tenantId);
  if (filter.taskIds) add("t.id in (select value from json_each(?))", JSON.stringify(filter.taskIds));
  if (filter.states)
    add(anyOf(filter.states.map((state) => stateCondition(state, names))), ...stateValues(filter, now));
  for (const [sort, value] of labelled(filter)) add(hasLabel, label[sort](value));
  if (filter.tags?.length === 0) add(nothing);
  if (filter.rootId !== undefined) add(`(t.id = ? or ${hasLabel})`, filter.rootId, label.root(filter.rootId));
  if (filter.channels) found.push(channelCondition(names, filter.channels));
  if (filter.originType !== undefined) {
    add("coalesce(json_extract(t.fixed, '$.origin.type'), 'client') = ?", filter.originType);
  }
  if (filter.hostId !== undefined) add("t.lease_expires_at is not null and t.host_id = ?", filter.hostId);
  if (filter.reasons) add(`${loose("reason")} in (select value from json_each(?))`, JSON.stringify(filter.reasons));
  if (filter.failureFingerprint !== undefined) add(`${loose("failureFingerprint")} = ?`, filter.failureFingerprint);
  if (filter.createdFrom !== undefined) add("t.created_at >= ?", filter.createdFrom);
  if (filter.createdBefore !== undefined) add("t.created_at < ?", filter.createdBefore);
  if (filter.finishedFrom !== undefined) add("t.finished_at >= ?", filter.finishedFrom);
  return found;
}

/** The labels that each task of a filter must have. */
export function labelled(filter: TaskFilter): readonly (readonly [Exclude<keyof typeof label, "root">, string])[] {
  const { parentId, flowId, originId, dedupeKey, supersedeKey, concurrencyKey, tags = [] } = filter;
  const one = <Sort extends string>(sort: Sort, value: string | undefined): readonly (readonly [Sort, string])[] =>
    value === undefined ? [] : [[sort, value]];
  return [
    ...one("dedupe", dedupeKey),
    ...one("supersede", supersedeKey),
    ...one("parent", parentId),
    ...one("flow", flowId),
    ...one("origin", originId),
    ...one("concurrency", concurrencyKey),
    ...tags.map((tag) => ["tag", tag] as const),
  ];
}

function channelCondition(names: TableNames, channels: readonly string[]): Condition {
  const parts = channels.map((channel): Condition => {
    const labels = [label.channel(channel)];
    const derived = parseDerivedChannel(channel);
    if (derived?.field === "dedupeKey") labels.push(label.dedupe(derived.value));
    if (derived?.field === "supersedeKey") labels.push(label.supersede(derived.value));
    if (derived?.field === "concurrencyKey") labels.push(label.concurrency(derived.value));
    const has = `exists (select 1 from ${names.label} l where l.label in (${labels.map(() => "?").join(", ")}) and l.seq = t.seq)`;
    if (derived?.field === "id") return { sql: `(t.id = ? or ${has})`, values: [derived.value, ...labels] };
    if (derived?.field === "kind") return { sql: `(t.kind = ? or ${has})`, values: [derived.value, ...labels] };
    return { sql: has, values: labels };
  });
  return { sql: anyOf(parts.map(({ sql }) => sql)), values: parts.flatMap(({ values }) => values) };
}

function stateCondition(state: TaskState, names: TableNames): string {
  const isStale = `exists (select 1 from ${names.loose} x where x.seq = t.seq and json_extract(x.loose, '$.staleAt') is not null)`;
  switch (state) {
    case "scheduled":
      return `(${queued} and t.scheduled_at > ? and t.failures = 0)`;
    case "retrying":
      return `(${queued} and t.scheduled_at > ? and t.failures > 0)`;
    case "queued":
      return `(${queued} and t.scheduled_at <= ?)`;
    case "stale":
      return `(t.status in (2, 3) and ${isStale})`;
    case "claimed":
    case "running":
      return `(t.status = ${statusCode(state)} and not ${isStale})`;
    case "blocked":
    case "suspended":
    case "paused":
    case "succeeded":
    case "failed":
    case "cancelled":
      return `t.status = ${statusCode(state)}`;
  }
}

function stateValues(filter: TaskFilter, now: number): readonly number[] {
  return (filter.states ?? []).filter((state) => timed.has(state)).map(() => now);
}

const timed: ReadonlySet<string> = new Set(["scheduled", "retrying", "queued"]);

function anyOf(parts: readonly string[]): string {
  return parts.length === 0 ? nothing : `(${parts.join(" or ")})`;
}

/** The statuses that a filter leaves possible, as numbers; null when it says nothing of them. */
export function possibleCodes(filter: TaskFilter): readonly number[] | null {
  const ofStatuses = filter.statuses?.flatMap(codesOfStatus);
  const ofStates = filter.states?.flatMap(codesOfState);
  if (!ofStatuses) return ofStates ? [...new Set(ofStates)] : null;
  const wanted = new Set(ofStatuses);
  return [...wanted].filter((each) => !ofStates || ofStates.includes(each));
}

function codesOfStatus(status: TaskStatus): readonly number[] {
  return status === "queued" ? [code.queued, code.parked, code.notDue] : [statusCode(status)];
}

function codesOfState(state: TaskState): readonly number[] {
  if (state === "stale") return [code.claimed, code.running];
  if (state === "scheduled" || state === "retrying") return [code.notDue, code.queued];
  return codesOfStatus(state);
}
