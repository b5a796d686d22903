import type { JsonProblem } from "./to-json-text.ts";
import type { Json } from "./json.ts";

/** The value of a JSON text, or why there is none. */
export type JsonValueAnswer = { readonly value: Json } | { readonly problem: JsonProblem };

/**
 * Reads JSON text without ever throwing. Text with a key `__proto__` is refused: `toJsonText` never writes one, and
 * merging such an object would change others.
 */
export function fromJsonText(text: string, options: { readonly path: string }): JsonValueAnswer {
  const { path } = options;
  try {
    if (!mayHoldProtoKey(text)) return { value: JSON.parse(text) as Json };
    let isDangerous = false;
    const value = JSON.parse(text, (key, item: unknown) => {
      if (key === "__proto__") isDangerous = true;
      return item;
    }) as Json;
    return isDangerous ? { problem: { path, why: "has a key __proto__" } } : { value };
  } catch {
    return { problem: { path, why: "is no JSON" } };
  }
}

/** A cheap look first: a reviver makes reading several times slower. The key may be written with escapes. */
function mayHoldProtoKey(text: string): boolean {
  return text.includes("__proto__") || text.includes("\\u00");
}
