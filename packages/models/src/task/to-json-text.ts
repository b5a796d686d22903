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
export function toJsonText(value: unknown, options: { readonly path: string }): JsonTextAnswer {
  try {
    const problem = problemOf(value, options.path, []);
    if (problem) return { problem };
    // Only a `toJSON` that answers differently the second time could still make this undefined.
    const text: string | undefined = JSON.stringify(value);
    return text === undefined ? { problem: { path: options.path, why: "has no JSON form" } } : { text };
  } catch (error) {
    return { problem: { path: options.path, why: `cannot be read: ${toTaskFailure(error).message}` } };
  }
}

function problemOf(value: unknown, path: string, above: object[]): JsonProblem | null {
  switch (typeof value) {
    case "string":
    case "boolean":
      return null;
    case "number":
      return Number.isFinite(value) ? null : { path, why: `is ${value}, which JSON cannot write` };
    case "undefined":
      return { path, why: "is undefined; use null, or leave the field out" };
    case "function":
      return { path, why: "is a function" };
    case "symbol":
      return { path, why: "is a symbol" };
    case "bigint":
      return { path, why: "is a BigInt; pass it as text" };
    case "object":
      return value === null ? null : objectProblem(value, path, above);
  }
}

function objectProblem(value: object, path: string, above: object[]): JsonProblem | null {
  if (above.includes(value)) return { path, why: "contains itself" };
  if (above.length >= maxDepth) return { path, why: `is nested deeper than ${maxDepth} levels` };
  const hidden = Array.isArray(value) ? null : hiddenContents(value);
  if (hidden) return { path, why: hidden };
  above.push(value);
  const problem = writtenProblem(value, path, above);
  above.pop();
  return problem;
}

function writtenProblem(value: object, path: string, above: object[]): JsonProblem | null {
  if ("toJSON" in value && typeof value.toJSON === "function") return problemOf(value.toJSON(""), path, above);
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const problem = problemOf(value[index], `${path}[${index}]`, above);
      if (problem) return problem;
    }
    return null;
  }
  for (const key of Object.keys(value)) {
    if (key === "__proto__") return { path: `${path}.__proto__`, why: "is a key that may change other objects" };
    const item: unknown = Reflect.get(value, key);
    // The path of a text is not written out for nothing: most fields are texts.
    if (item === undefined || typeof item === "string") continue;
    const problem = problemOf(item, `${path}.${key}`, above);
    if (problem) return problem;
  }
  return null;
}

/** Why JSON would write an object without what it holds; null when it would not. */
function hiddenContents(value: object): string | null {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "is an invalid Date" : null;
  if ("toJSON" in value && typeof value.toJSON === "function" && !ArrayBuffer.isView(value)) return null;
  if (ArrayBuffer.isView(value)) return "holds bytes; pass them as base64 text";
  if (value instanceof Error) return "is an Error; pass what you need of it as plain fields";
  const proto: unknown = Object.getPrototypeOf(value);
  if (proto === null || proto === Object.prototype || Object.keys(value).length > 0) return null;
  const name = nameOf(value);
  // An empty plain object of another realm has a prototype of its own, also called Object.
  return name === "Object" ? null : `is a ${name}, which JSON writes as {}`;
}

function nameOf(value: object): string {
  const made: unknown = Reflect.get(value, "constructor");
  return typeof made === "function" && made.name !== "" ? made.name : "class instance";
}
