/** What a list that is a parameter may hold. */
export type ArrayElement = string | number | boolean | null;

/** Whether a parameter is a list of these. */
export function isArrayOfElements(value: unknown): value is readonly ArrayElement[] {
  return Array.isArray(value) && value.every(isElement);
}

/**
 * A list as Postgres reads it. `pg` would write it too, with two replacements for every text in it: a statement for two
 * hundred tasks has a thousand of them.
 */
export function arrayText(values: readonly ArrayElement[]): string {
  let text = "";
  for (const value of values) {
    if (text !== "") text += ",";
    if (typeof value === "string") text += `"${needsEscape(value) ? value.replaceAll(/["\\]/g, "\\$&") : value}"`;
    else text += value === null ? "NULL" : String(value);
  }
  return `{${text}}`;
}

function isElement(value: unknown): boolean {
  return value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function needsEscape(text: string): boolean {
  return text.includes('"') || text.includes("\\");
}
