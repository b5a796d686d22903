import {
  parseWithSchema,
  type AnyTaskDefinition,
  type ParseAnswer,
  type ParseIssue,
  type StandardSchema,
  type TaskHandlerRegistration,
} from "@millrace/models";
import type { MaybeAsync } from "./maybe-async.ts";

/** What a client or host was told of a kind: a definition, or a handler by its module. */
export type KnownKind = AnyTaskDefinition | TaskHandlerRegistration;

/** Where kinds are looked up. */
export interface KindLookup {
  find(kind: string): KnownKind | null;
}

/** Lets the input schema of a kind judge a value; without one every value passes as it is. */
export function parseInput(kind: KnownKind | null, value: unknown): MaybeAsync<ParseAnswer<unknown>> {
  return parseBy(kind && "input" in kind ? kind.input : undefined, value);
}

/** Lets the output schema of a kind judge a value; without one every value passes as it is. */
export function parseOutput(kind: KnownKind, value: unknown): MaybeAsync<ParseAnswer<unknown>> {
  return parseBy("output" in kind ? kind.output : undefined, value);
}

/** Issues as readable text: `input.rows[3].when: expected a date`. */
export function issueText(root: string, issues: readonly ParseIssue[]): string {
  const lines = issues.slice(0, 10).map(({ path, message }) => {
    const dot = path === "" || path.startsWith("[") ? "" : ".";
    return `${root}${dot}${path}: ${message}`;
  });
  return [...lines, ...(issues.length > 10 ? [`and ${issues.length - 10} more`] : [])].join("; ");
}

function parseBy(schema: AnyTaskDefinition["input"], value: unknown): MaybeAsync<ParseAnswer<unknown>> {
  return schema ? parseWithSchema(schema as StandardSchema, value) : { status: "parsed", value };
}
