import type { JsonSchema } from "../schema/schema.ts";

// What answers are made of, as JSON Schema.
export const number: JsonSchema = { type: "number" };
export const text: JsonSchema = { type: "string" };
export const flag: JsonSchema = { type: "boolean" };
export const anyObject: JsonSchema = { type: "object" };
export const nullableNumber: JsonSchema = { type: ["number", "null"] };
export const nullableText: JsonSchema = { type: ["string", "null"] };
export const nullableObject: JsonSchema = { type: ["object", "null"] };

/** An object with these fields. */
export function fields(properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { type: "object", properties };
}

/** An object whose fields have names of their own. */
export function recordOf(each: JsonSchema): JsonSchema {
  return { type: "object", additionalProperties: each };
}

/** A list of these. */
export function arrayOf(items: JsonSchema): JsonSchema {
  return { type: "array", items };
}

/** An object with a list, and what stands beside it. */
export function listOf(name: string, items: JsonSchema, more: Readonly<Record<string, JsonSchema>> = {}): JsonSchema {
  return { ...fields({ [name]: arrayOf(items), ...more }), required: [name] };
}

/** A schema under its name. */
export function ref(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}
