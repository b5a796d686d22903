import { isClean } from "../schema/schema.ts";
import { queryFields, queryProblem, type QueryField, type QueryTerm } from "./query-term.ts";

const longestQuery = 2_000;
const mostTerms = 30;
const mostValues = 100;

/**
 * Reads a query as people write it: `kind:billing.* -state:succeeded age:<24h "two words"`. Terms are joined by "and", the
 * values between commas by "or"; `-` negates; quotes keep spaces, commas and colons. Pure.
 *
 * @throws `QUERY_INVALID` whose details point at the place
 */
export function parseQueryText(text: string): readonly QueryTerm[] {
  if (text.length > longestQuery) {
    throw queryProblem(`A query may have ${longestQuery} characters`, {
      at: longestQuery,
      length: text.length - longestQuery,
    });
  }
  if (!isClean(text, true))
    throw queryProblem("A query must not hold control or half characters", { at: 0, length: text.length });
  const reader = new QueryReader(text);
  const terms: QueryTerm[] = [];
  for (let term = reader.next(); term; term = reader.next()) {
    if (terms.length === mostTerms) throw queryProblem(`A query may have ${mostTerms} terms`, term);
    terms.push(term);
  }
  return terms;
}

/** Goes through a text once, from left to right. */
class QueryReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  next(): QueryTerm | null {
    while (isSpace(this.#text[this.#at])) this.#at += 1;
    const at = this.#at;
    if (at >= this.#text.length) return null;
    const negated = this.#text[at] === "-";
    if (negated) this.#at += 1;
    const name = this.#name();
    const values = this.#values(at);
    const field = name === null ? { field: "word" as const, path: "" } : fieldOf(name, at);
    return { ...field, negated, values, at, length: this.#at - at };
  }

  /** What stands before a colon; null when there is none: then it is a free word. */
  #name(): string | null {
    const rest = /^[a-z][A-Za-z0-9_.[\]-]{0,200}:/.exec(this.#text.slice(this.#at, this.#at + 202));
    if (!rest) return null;
    this.#at += rest[0].length;
    return rest[0].slice(0, -1);
  }

  #values(start: number): readonly string[] {
    const values: string[] = [];
    for (;;) {
      const at = this.#at;
      const value = this.#text[at] === '"' ? this.#quoted() : this.#bare();
      if (value === "") throw queryProblem("A value is missing", { at, length: 1 });
      values.push(value);
      if (values.length > mostValues) {
        throw queryProblem(`A term may have ${mostValues} values`, { at: start, length: this.#at - start });
      }
      if (this.#text[this.#at] !== ",") break;
      this.#at += 1;
    }
    const after = this.#text[this.#at];
    if (after !== undefined && !isSpace(after)) throw queryProblem("A space is missing", { at: this.#at, length: 1 });
    return values;
  }

  #bare(): string {
    const from = this.#at;
    while (this.#at < this.#text.length && !isSpace(this.#text[this.#at]) && this.#text[this.#at] !== ",") {
      if (this.#text[this.#at] === '"') throw queryProblem("A quote begins within a word", { at: this.#at, length: 1 });
      this.#at += 1;
    }
    return this.#text.slice(from, this.#at);
  }

  #quoted(): string {
    const from = this.#at;
    let value = "";
    for (this.#at += 1; this.#at < this.#text.length; this.#at += 1) {
      const character = this.#text[this.#at];
      if (character === '"') {
        this.#at += 1;
        return value;
      }
      if (character === "\\") this.#at += 1;
      value += this.#text[this.#at] ?? "";
    }
    throw queryProblem("A quote is not closed", { at: from, length: this.#text.length - from }, 'Add a " at the end.');
  }
}

function fieldOf(name: string, at: number): { readonly field: QueryField; readonly path: string } {
  const dot = name.indexOf(".");
  const [field, path] = dot === -1 ? [name, ""] : [name.slice(0, dot), name.slice(dot + 1)];
  const place = { at, length: name.length };
  if (!Object.hasOwn(queryFields, field)) {
    const near = Object.keys(queryFields).find((known) => known.startsWith(field.slice(0, 3)));
    const fix =
      near === undefined ? undefined : `Did you mean ${near}:? To look for the word itself, put it in quotes.`;
    throw queryProblem(`There is no field "${name}"; there are ${Object.keys(queryFields).join(", ")}`, place, fix);
  }
  const needsPath = field === "payload" || field === "result";
  if (needsPath && path === "") throw queryProblem(`${field} needs a path`, place, `Write ${field}.PATH:VALUE.`);
  if (!needsPath && path !== "") throw queryProblem(`${field} has no parts`, place);
  return { field: field as QueryField, path };
}

function isSpace(character: string | undefined): boolean {
  return character === " " || character === "\t" || character === "\n" || character === "\r" || character === "\u00a0";
}
