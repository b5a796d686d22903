import {
  isTaskId,
  taskStates,
  taskStatuses,
  type EpochMs,
  type TaskFilter,
  type TaskSnapshot,
  type TaskState,
  type TaskStatus,
} from "@millrace/models";
import { durationRanges } from "./number-range.ts";
import { matchesGlob } from "./glob.ts";
import { queryProblem, type QueryTerm } from "./query-term.ts";
import { testOf, type TaskTest } from "./task-test.ts";

/** What a query asks of the store, and what is looked for in what the store brings. */
export interface QueryPlan {
  readonly filter: TaskFilter;
  /** Everything in the filter is found by an index; these are judged task by task. */
  readonly tests: readonly TaskTest[];
  /** Whether one of these looks at inputs or outputs, which are otherwise left where they are. */
  readonly includeValues: boolean;
}

/** What a query is planned with. */
export interface QueryWorld {
  readonly now: EpochMs;
  /** Every kind that has tasks. */
  readonly kinds: readonly string[];
  /** Whose tasks may be seen; null = all. */
  readonly tenantId: string | null;
}

type Draft = { -readonly [Name in keyof TaskFilter]: TaskFilter[Name] };

/**
 * Makes of the terms of a query a filter, as far as one can say them, and tests for the rest. Pure.
 *
 * @throws `QUERY_INVALID` whose details point at the term
 */
export function planQuery(terms: readonly QueryTerm[], world: QueryWorld): QueryPlan {
  const filter: Draft = world.tenantId === null ? {} : { tenantId: world.tenantId };
  const tests = terms.flatMap((term) => (isTaken(filter, term, world) ? [] : [testOf(term, world.now)]));
  return { filter, tests, includeValues: terms.some(({ field }) => field === "payload" || field === "result") };
}

/** Puts a term into the filter; false when it must be a test. */
function isTaken(filter: Draft, term: QueryTerm, world: QueryWorld): boolean {
  switch (term.field) {
    case "kind":
      filter.kinds = both(filter.kinds, kindsOf(term, world.kinds));
      return true;
    case "state":
      takeStates(filter, statesOf(term));
      return true;
    case "age":
      return isAgeTaken(filter, term, world.now);
    default:
      return !term.negated && isValueTaken(filter, term);
  }
}

/** Of fields that the store has an index of, unless they are taken already. */
function isValueTaken(filter: Draft, { field, values }: QueryTerm): boolean {
  const [value = ""] = values;
  const isOne = values.length === 1;
  switch (field) {
    case "id":
      if (filter.taskIds || !values.every(isTaskId)) return false;
      filter.taskIds = values;
      return true;
    case "tag":
      if (!isOne) return false;
      filter.tags = [...(filter.tags ?? []), value];
      return true;
    case "key":
      if (filter.channels) return false;
      filter.channels = values.flatMap((key) => [`dedupe:${key}`, `concurrency:${key}`, `supersede:${key}`]);
      return true;
    case "channel":
      if (filter.channels) return false;
      filter.channels = values;
      return true;
    case "schedule":
    case "trigger":
      if (!isOne || filter.originType) return false;
      filter.originType = field;
      filter.originId = value;
      return true;
    case "reason":
      if (filter.reasons) return false;
      filter.reasons = values;
      return true;
    default:
      return isOne && isTextTaken(filter, field, value);
  }
}

const textFields = {
  host: "hostId",
  flow: "flowId",
  parent: "parentId",
  root: "rootId",
  tenant: "tenantId",
  fingerprint: "failureFingerprint",
} as const;

function isTextTaken(filter: Draft, field: QueryTerm["field"], value: string): boolean {
  if (!Object.hasOwn(textFields, field)) return false;
  const name = textFields[field as keyof typeof textFields];
  if (filter[name] !== undefined) return false;
  // No task has such a parent; the test that follows finds that out without a word of the store's.
  if ((name === "parentId" || name === "rootId") && !isTaskId(value)) return false;
  filter[name] = value;
  return true;
}

function kindsOf({ values, negated }: QueryTerm, known: readonly string[]): readonly string[] {
  const hit = (kind: string): boolean => values.some((value) => matchesGlob(kind, value));
  if (negated) return known.filter((kind) => !hit(kind)).slice(0, 1_000);
  const named = values.filter((value) => !value.includes("*"));
  return [...new Set([...named, ...known.filter(hit)])].slice(0, 1_000);
}

function statesOf(term: QueryTerm): readonly TaskState[] {
  const named = term.values.map((value) => {
    const state = taskStates.find((known) => known === value);
    if (state) return state;
    throw queryProblem(`"${value}" is no state; there are ${taskStates.join(", ")}`, term);
  });
  return taskStates.filter((state) => named.includes(state) !== term.negated);
}

const isStatus = (state: TaskState): state is TaskStatus =>
  taskStatuses.some((status) => status === state) && state !== "queued" && state !== "claimed" && state !== "running";

/** Those that are a status and no more are asked for as such: that costs the store less. */
function takeStates(filter: Draft, states: readonly TaskState[]): void {
  const before = filter.states ?? filter.statuses;
  const now = before === undefined ? states : states.filter((state) => before.some((one) => one === state));
  delete filter.states;
  delete filter.statuses;
  if (now.every(isStatus)) filter.statuses = now;
  else filter.states = now;
}

function isAgeTaken(filter: Draft, term: QueryTerm, now: EpochMs): boolean {
  const ranges = durationRanges(term);
  const [range] = ranges;
  if (term.negated || ranges.length !== 1 || !range) return false;
  if (Number.isFinite(range.to)) filter.createdFrom = Math.max(filter.createdFrom ?? 0, Math.max(0, now - range.to));
  if (Number.isFinite(range.from)) {
    filter.createdBefore = Math.min(filter.createdBefore ?? Number.MAX_SAFE_INTEGER, Math.max(0, now - range.from + 1));
  }
  return true;
}

function both(before: readonly string[] | undefined, now: readonly string[]): readonly string[] {
  return before === undefined ? now : now.filter((value) => before.includes(value));
}

/** Whether a task is what all tests look for. */
export function passes(task: TaskSnapshot, tests: readonly TaskTest[]): boolean {
  return tests.every((test) => test(task));
}
