import type { SchemaIssue, SchemaResult, StandardSchema } from "./standard-schema.ts";
import { toTaskFailure } from "./to-task-failure.ts";

/** What a schema found wrong. */
export interface ParseIssue {
  /** Dotted, such as `rows[3].when`; empty for the value itself. */
  readonly path: string;
  readonly message: string;
}

/** The converted value, or what is wrong with it. */
export type ParseAnswer<Output> =
  | { readonly status: "parsed"; readonly value: Output }
  | { readonly status: "refused"; readonly issues: readonly ParseIssue[] };

/**
 * Checks and converts a value by a schema. Answers at once when the schema does, else by a promise, so that synchronous
 * callers stay synchronous. Never throws or rejects: a schema that does counts as a refusal.
 */
export function parseWithSchema<Output>(
  schema: StandardSchema<unknown, Output>,
  value: unknown,
): ParseAnswer<Output> | Promise<ParseAnswer<Output>> {
  try {
    const result = schema["~standard"].validate(value);
    return isPromise(result) ? result.then(answerOf, threw) : answerOf(result);
  } catch (error) {
    return threw(error);
  }
}

function answerOf<Output>(result: SchemaResult<Output>): ParseAnswer<Output> {
  if (result.issues === undefined) return { status: "parsed", value: result.value };
  return { status: "refused", issues: result.issues.map(issueOf) };
}

function threw(error: unknown): { readonly status: "refused"; readonly issues: readonly ParseIssue[] } {
  return { status: "refused", issues: [{ path: "", message: `the schema threw: ${toTaskFailure(error).message}` }] };
}

function issueOf(issue: SchemaIssue): ParseIssue {
  let path = "";
  for (const part of issue.path ?? []) {
    const key = typeof part === "object" ? part.key : part;
    if (typeof key === "number") path += `[${key}]`;
    else path += path === "" ? String(key) : `.${String(key)}`;
  }
  return { path, message: issue.message };
}

function isPromise<Value>(value: Value | Promise<Value>): value is Promise<Value> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
