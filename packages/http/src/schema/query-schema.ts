import { invalidRequest } from "../answer/invalid-request.ts";
import { list, oneOf, whole, type Schema } from "./schema.ts";

/** A whole number written in a query string. */
export function wholeParameter(bounds: { readonly min: number; readonly max: number }): Schema<number> {
  const number = whole(bounds);
  return {
    json: number.json,
    parse(value, path) {
      const isNumber = typeof value === "string" && /^-?[0-9]{1,16}$/.test(value);
      return number.parse(isNumber ? Number(value) : value, path);
    },
  };
}

/** Words between commas. */
export function wordsParameter<const Word extends string>(words: readonly Word[]): Schema<readonly Word[]> {
  return parameterList(oneOf(words), words.length);
}

function parameterList<Item>(item: Schema<Item>, max: number): Schema<readonly Item[]> {
  const items = list(item, { max });
  return {
    json: items.json,
    parse(value, path) {
      if (typeof value !== "string") throw invalidRequest(path, "must be a text");
      return items.parse(value.split(","), path);
    },
  };
}

/**
 * The parameters of a query string, each given once.
 *
 * @throws `QUERY_INVALID` for one that is given twice
 */
export function queryObject(parameters: URLSearchParams): Readonly<Record<string, string>> {
  const found = new Map<string, string>();
  for (const [name, value] of parameters) {
    if (found.has(name)) throw invalidRequest(`query.${name.slice(0, 60)}`, "is given twice");
    found.set(name, value);
  }
  return Object.fromEntries(found);
}
