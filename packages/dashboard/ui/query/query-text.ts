/** A term as it stands in the text of a query. */
export interface TermText {
  readonly text: string;
  readonly at: number;
  readonly isNegated: boolean;
  /** What stands before the colon; null for a free word. */
  readonly field: string | null;
  readonly value: string;
}

/** Cuts the text of a query into its terms, as far as they go; what is wrong with them only the server says. Pure. */
export function termsOf(text: string): readonly TermText[] {
  const terms: TermText[] = [];
  // A quote keeps what is within, and may stay open while somebody types.
  for (const { 0: term, index } of text.matchAll(/(?:"(?:\\.|[^"\\])*"?|[^\s"])+/g)) {
    const isNegated = term.startsWith("-");
    const rest = isNegated ? term.slice(1) : term;
    const [, field = null, value = rest] = /^([a-z][\w.[\]-]*):(.*)$/s.exec(rest) ?? [];
    terms.push({ text: term, at: index, isNegated, field, value });
  }
  return terms;
}

/** A value as it may stand in a query. */
export function quoted(value: string): string {
  return /^[^\s",]+$/.test(value) && !value.startsWith("-") ? value : `"${value.replaceAll(/["\\]/g, "\\$&")}"`;
}

/** A query with a term more; one that says the opposite goes. */
export function withTerm(
  text: string,
  field: string,
  { value, isNegated = false }: { readonly value: string; readonly isNegated?: boolean },
): string {
  const bare = `${field}:${quoted(value)}`;
  const kept = termsOf(text).filter((term) => term.text !== bare && term.text !== `-${bare}`);
  return [...kept.map((term) => term.text), isNegated ? `-${bare}` : bare].join(" ");
}

/** A query whose field says this and nothing else; null takes the field out. */
export function withOnly(text: string, field: string, value: string | null): string {
  const kept = termsOf(text).filter((term) => term.field !== field);
  return [...kept.map((term) => term.text), ...(value === null ? [] : [`${field}:${value}`])].join(" ");
}

/** A query without one of its terms. */
export function withoutTerm(text: string, at: number): string {
  return termsOf(text)
    .filter((term) => term.at !== at)
    .map((term) => term.text)
    .join(" ");
}

/** What a query says of one field, when it says it once and plainly. */
export function onlyValue(text: string, field: string): string | null {
  const found = termsOf(text).filter((term) => term.field === field);
  const [first] = found;
  return found.length === 1 && first && !first.isNegated ? first.value : null;
}
