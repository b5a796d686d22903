import { invalidRequest } from "../answer/invalid-request.ts";

/** JSON Schema (2020-12), as it stands in the OpenAPI document. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a part of a request must be: checks it, and says so to others. */
export interface Schema<Value> {
  readonly json: JsonSchema;
  /** @throws the code of the part, with the path of what is wrong */
  parse(value: unknown, path: string): Value;
}

/** What a schema lets through. */
export type ValueOf<Of> = Of extends Schema<infer Value> ? Value : never;

/** Bounds of a text, in UTF-16 units. */
export interface TextRule {
  /** @defaultValue 1 */
  readonly min?: number;
  readonly max: number;
  /** Whether control characters but line ends may stand in it. @defaultValue false */
  readonly lines?: boolean;
  readonly pattern?: RegExp;
  /** What the pattern asks for, in words. */
  readonly what?: string;
}

/** A text of bounded length, without control characters and half characters. */
export function text(rule: TextRule): Schema<string> {
  const { min = 1, max, pattern, lines = false, what } = rule;
  const json = { type: "string", minLength: min, maxLength: max, ...(pattern ? { pattern: pattern.source } : {}) };
  return {
    json,
    parse(value, path) {
      if (typeof value !== "string") throw invalidRequest(path, `must be a text, got ${shown(value)}`);
      if (value.length < min || value.length > max) {
        throw invalidRequest(path, `must have ${min} to ${max} characters, got ${value.length}`);
      }
      if (!isClean(value, lines)) throw invalidRequest(path, "must not hold control characters or half characters");
      if (pattern && !pattern.test(value)) throw invalidRequest(path, `must be ${what ?? "of another form"}`);
      return value;
    },
  };
}

/** A whole number within bounds. */
export function whole(bounds: { readonly min: number; readonly max: number }): Schema<number> {
  const { min, max } = bounds;
  return {
    json: { type: "integer", minimum: min, maximum: max },
    parse(value, path) {
      if (typeof value === "number" && Number.isSafeInteger(value) && value >= min && value <= max) return value;
      throw invalidRequest(path, `must be a whole number from ${min} to ${max}, got ${shown(value)}`);
    },
  };
}

/** True or false. */
export const flag: Schema<boolean> = {
  json: { type: "boolean" },
  parse(value, path) {
    if (typeof value === "boolean") return value;
    throw invalidRequest(path, `must be true or false, got ${shown(value)}`);
  },
};

/** One of some words. */
export function oneOf<const Word extends string>(words: readonly Word[]): Schema<Word> {
  return {
    json: { type: "string", enum: words },
    parse(value, path) {
      const found = words.find((word) => word === value);
      if (found !== undefined) return found;
      throw invalidRequest(path, `must be one of ${words.join(", ")}, got ${shown(value)}`);
    },
  };
}

/** A list of bounded length. */
export function list<Item>(item: Schema<Item>, bounds: { readonly max: number }): Schema<readonly Item[]> {
  return {
    json: { type: "array", items: item.json, maxItems: bounds.max },
    parse(value, path) {
      if (!Array.isArray(value)) throw invalidRequest(path, `must be a list, got ${shown(value)}`);
      if (value.length > bounds.max) {
        throw invalidRequest(path, `may have at most ${bounds.max} entries, got ${value.length}`);
      }
      return value.map((entry: unknown, index) => item.parse(entry, `${path}[${index}]`));
    },
  };
}

/** Anything that JSON can say; how deep and how long was bounded when it was read. */
export function anyJson<Value = unknown>(json: JsonSchema = {}): Schema<Value> {
  return { json, parse: (value) => value as Value };
}

/** As the schema says, or null. */
export function nullable<Value>(inner: Schema<Value>): Schema<Value | null> {
  return {
    json: { anyOf: [inner.json, { type: "null" }] },
    parse: (value, path) => (value === null ? null : inner.parse(value, path)),
  };
}

/** As the schema says, or absent. */
export function optional<Value>(inner: Schema<Value>): Schema<Value | undefined> {
  return { json: inner.json, parse: (value, path) => (value === undefined ? undefined : inner.parse(value, path)) };
}

/** A schema with a sentence about it. */
export function described<Value>(inner: Schema<Value>, description: string): Schema<Value> {
  return { ...inner, json: { ...inner.json, description } };
}

/** A value in a message: short, and never an object as a whole. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "number" || typeof value === "boolean" || value === null) return String(value);
  return "an object";
}

/** Whether a text can be kept and shown anywhere. */
export function isClean(value: string, lines: boolean = false): boolean {
  // oxlint-disable-next-line no-control-regex -- finding them is the purpose
  const controls = lines ? /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/ : /[\u0000-\u001f\u007f]/;
  return value.isWellFormed() && !controls.test(value);
}
