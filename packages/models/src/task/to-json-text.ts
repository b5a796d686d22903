import { toTaskFailure } from "./to-task-failure.ts";

/** Where and why a value is no JSON. */
export interface JsonProblem {
  /** A dotted path such as `input.rows[3].when`. */
  readonly path: string;
  readonly why: string;
}

/** The JSON text of a value, or where and why it has none. */
export type JsonTextAnswer = { readonly text: string } | { readonly problem: JsonProblem };

/** How deep arrays and objects may be nested. */
const maxDepth = 64;

/**
 * Writes a value as JSON text, refusing whatever JSON would change or lose in silence, so that what is read back is what
 * was given. Allowed beyond plain data: objects with `toJSON` (a Date becomes its ISO text) and `undefined` fields of
 * objects, which are left out. Refused: `undefined` itself and in arrays, functions, symbols, BigInts, NaN and Infinity,
 * cycles, more than 64 levels, Maps, Sets, Errors, bytes and other objects whose contents JSON cannot see, and keys
 * named `__proto__`. Lone surrogates are kept (JSON escapes them).
 */
export function toJsonText(value: unknown, { path }: { readonly path: string }): JsonTextAnswer {
  try {
    const problem = problemOf(value, []);
    if (problem) return { problem: under(path, problem) };
    // Only a `toJSON` that answers differently the second time could still make this undefined.
    const text: string | undefined = JSON.stringify(value);
    return text === undefined ? { problem: { path, why: "has no JSON form" } } : { text };
  } catch (error) {
    return { problem: { path, why: `cannot be read: ${toTaskFailure(error).message}` } };
  }
}

/** A problem in a part of a value: paths are put together on the way back, because most values have none. */
function under(place: string, { path, why }: JsonProblem): JsonProblem {
  return { path: `${place}${path}`, why };
}

function here(why: string): JsonProblem {
  return { path: "", why };
}

function problemOf(value: unknown, above: object[]): JsonProblem | null {
  switch (typeof value) {
    case "string":
    case "boolean":
      return null;
    case "number":
      return Number.isFinite(value) ? null : here(`is ${value}, which JSON cannot write`);
    case "undefined":
      return here("is undefined; use null, or leave the field out");
    case "function":
      return here("is a function");
    case "symbol":
      return here("is a symbol");
    case "bigint":
      return here("is a BigInt; pass it as text");
    case "object":
      return value === null ? null : objectProblem(value, above);
  }
}

function objectProblem(value: object, above: object[]): JsonProblem | null {
  if (above.includes(value)) return here("contains itself");
  if (above.length >= maxDepth) return here(`is nested deeper than ${maxDepth} levels`);
  above.push(value);
  const problem = contentProblem(value, above);
  above.pop();
  return problem;
}

function contentProblem(value: object, above: object[]): JsonProblem | null {
  const writesItself = "toJSON" in value && typeof value.toJSON === "function";
  if (Array.isArray(value)) return writesItself ? problemOf(written(value), above) : listProblem(value, above);
  if (writesItself || Object.getPrototypeOf(value) !== Object.prototype) {
    const hidden = hiddenContents(value, writesItself);
    if (hidden) return here(hidden);
    if (writesItself) return problemOf(written(value), above);
  }
  return fieldProblem(value, above);
}

function written(value: object): unknown {
  return (value as { toJSON(key: string): unknown }).toJSON("");
}

function listProblem(items: readonly unknown[], above: object[]): JsonProblem | null {
  for (let index = 0; index < items.length; index += 1) {
    const problem = problemOf(items[index], above);
    if (problem) return under(`[${index}]`, problem);
  }
  return null;
}

function fieldProblem(value: object, above: object[]): JsonProblem | null {
  for (const key of Object.keys(value)) {
    if (key === "__proto__") return under(".__proto__", here("is a key that may change other objects"));
    const item = (value as Readonly<Record<string, unknown>>)[key];
    const problem = item === undefined ? null : problemOf(item, above);
    if (problem) return under(`.${key}`, problem);
  }
  return null;
}

/** Why JSON would write an object without what it holds; null when it would not. */
function hiddenContents(value: object, writesItself: boolean): string | null {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "is an invalid Date" : null;
  if (ArrayBuffer.isView(value)) return "holds bytes; pass them as base64 text";
  if (writesItself) return null;
  if (value instanceof Error) return "is an Error; pass what you need of it as plain fields";
  if (Object.getPrototypeOf(value) === null || Object.keys(value).length > 0) return null;
  const name = nameOf(value);
  // An empty plain object of another realm has a prototype of its own, also called Object.
  return name === "Object" ? null : `is a ${name}, which JSON writes as {}`;
}

function nameOf(value: object): string {
  const made: unknown = Reflect.get(value, "constructor");
  return typeof made === "function" && made.name !== "" ? made.name : "class instance";
}
