import { TaskError } from "@millrace/models";

/** What a term of a query looks at. */
export type QueryField =
  | "id"
  | "kind"
  | "state"
  | "host"
  | "tag"
  | "key"
  | "channel"
  | "schedule"
  | "trigger"
  | "flow"
  | "parent"
  | "root"
  | "tenant"
  | "reason"
  | "fingerprint"
  | "error"
  | "attempts"
  | "failures"
  | "priority"
  | "age"
  | "took"
  | "waited"
  | "payload"
  | "result"
  | "word";

/** Every field that can be named, with what its values are. */
export const queryFields: Readonly<Record<Exclude<QueryField, "word">, string>> = {
  id: "an id, or how one begins",
  kind: "a kind; * stands for anything",
  state: "a state",
  host: "the id of the host that holds it",
  tag: "a tag",
  key: "a dedupe, concurrency or supersede key",
  channel: "a channel",
  schedule: "the id of the schedule that made it",
  trigger: "the id of the trigger that made it",
  flow: "the id of its flow",
  parent: "the id of its parent",
  root: "the id of the top of its tree",
  tenant: "a tenant",
  reason: "the code beside its status",
  fingerprint: "the fingerprint of its failure",
  error: "a name, code or part of the message of its failure",
  attempts: "a number: 3, >2, >=2, <5, 2..4",
  failures: "a number",
  priority: "a number",
  age: "a time since it was made: <24h, >10m, 1h..2h",
  took: "how long its last attempt has run: >30s",
  waited: "how long it waited for its start: >1m",
  payload: "payload.PATH: what stands there in its input",
  result: "result.PATH: what stands there in its output",
};

/** One condition of a query. */
export interface QueryTerm {
  readonly field: QueryField;
  /** Of `payload` and `result`: the dotted path. */
  readonly path: string;
  readonly negated: boolean;
  /** Any of them; at least one. */
  readonly values: readonly string[];
  /** Where it stands in the text, in UTF-16 units. */
  readonly at: number;
  readonly length: number;
}

/** A part of a query that cannot be understood; `at` and `length` point at it. */
export function queryProblem(
  why: string,
  place: { readonly at: number; readonly length: number },
  fix?: string,
): TaskError {
  const { at, length } = place;
  return new TaskError("QUERY_INVALID", `${why} (at character ${at + 1}).`, {
    details: { path: "query.q", at, length },
    fix: fix ?? "Correct the place that `at` and `length` name.",
  });
}
