import type { ResolvedDashboard } from "../dashboard-options.ts";

const titlePlace = "<title>Millrace</title>";
const settingsPlace = 'name="millrace-settings" content=""';

/** The page, told what it is: as text of attributes, since a strict policy lets no script stand in it. Pure. */
export function pageHtml(index: string, page: ResolvedDashboard["page"]): string {
  const settings = escaped(JSON.stringify(page));
  // As functions: a `$` in a title is a `$`.
  return index
    .replace(titlePlace, () => `<title>${escaped(page.title)}</title>`)
    .replace(settingsPlace, () => `name="millrace-settings" content="${settings}"`);
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.toWellFormed().replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
