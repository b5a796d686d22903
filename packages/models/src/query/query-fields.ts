import { TaskError } from "../errors/task-error.ts";
import { isTaskId, type TaskId } from "../ids/task-id.ts";

/** Lists of a filter are bounded so that a query stays one statement. */
const maxListLength = 1_000;
const maxTextLength = 1_000;

/** Reads the fields of a query that came from outside, naming each by its path when it is wrong. */
export interface QueryFields {
  text(name: string): string | undefined;
  taskId(name: string): TaskId | undefined;
  texts(name: string): readonly string[] | undefined;
  taskIds(name: string): readonly TaskId[] | undefined;
  oneOf<Value extends string>(name: string, allowed: readonly Value[]): Value | undefined;
  someOf<Value extends string>(name: string, allowed: readonly Value[]): readonly Value[] | undefined;
  flag(name: string): boolean | undefined;
  whole(name: string, bounds: { readonly min: number; readonly max: number }): number | undefined;
}

/**
 * Opens a query for reading.
 *
 * @throws `QUERY_INVALID` when it is no plain object or has a field that is not known; reading throws the same.
 */
export function queryFields(query: unknown, known: readonly string[]): QueryFields {
  const fields = objectOf(query);
  for (const name of Object.keys(fields)) {
    if (!known.includes(name)) throw invalid(name, `Unknown query field ${JSON.stringify(name)}.`);
  }
  const read = (name: string): unknown => fields[name];
  const list = <Item>(name: string, item: (value: unknown, path: string) => Item): readonly Item[] | undefined => {
    const value = read(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) throw invalid(name, `${name} must be a list.`);
    if (value.length > maxListLength) {
      throw invalid(name, `${name} has at most ${maxListLength} entries, got ${value.length}.`);
    }
    return Array.from(value, (entry: unknown, index) => item(entry, `${name}[${index}]`));
  };
  const one = <Item>(name: string, item: (value: unknown, path: string) => Item): Item | undefined => {
    const value = read(name);
    return value === undefined ? undefined : item(value, name);
  };
  return {
    text: (name) => one(name, textOf),
    taskId: (name) => one(name, taskIdOf),
    texts: (name) => list(name, textOf),
    taskIds: (name) => list(name, taskIdOf),
    oneOf: (name, allowed) => one(name, (value, path) => wordOf(value, path, allowed)),
    someOf: (name, allowed) => list(name, (value, path) => wordOf(value, path, allowed)),
    flag: (name) => one(name, flagOf),
    whole: (name, bounds) => one(name, (value, path) => wholeOf(value, path, bounds)),
  };
}

/** A refused query; `details.path` names the field. */
export function invalid(path: string, message: string): TaskError {
  return new TaskError("QUERY_INVALID", message, { details: { path } });
}

function objectOf(query: unknown): Readonly<Record<string, unknown>> {
  if (query === undefined) return {};
  if (!isPlainObject(query)) throw invalid("", "A query must be an object.");
  return query;
}

/** Whether a value is an object with fields, and no list. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown, path: string): string {
  if (typeof value !== "string") throw invalid(path, `${path} must be text.`);
  if (value.length > maxTextLength) throw invalid(path, `${path} has at most ${maxTextLength} characters.`);
  return value;
}

function flagOf(value: unknown, path: string): boolean {
  if (typeof value !== "boolean") throw invalid(path, `${path} must be true or false.`);
  return value;
}

function taskIdOf(value: unknown, path: string): TaskId {
  if (!isTaskId(value)) throw invalid(path, `${path} must be a lower-case UUID.`);
  return value;
}

function wordOf<Value extends string>(value: unknown, path: string, allowed: readonly Value[]): Value {
  const found = allowed.find((word) => word === value);
  if (found === undefined) throw invalid(path, `${path} must be one of ${allowed.join(", ")}.`);
  return found;
}

function wholeOf(value: unknown, path: string, bounds: { readonly min: number; readonly max: number }): number {
  const { min, max } = bounds;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw invalid(path, `${path} must be a whole number from ${min} to ${max}.`);
}
