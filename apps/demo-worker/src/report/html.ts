/** Text that is markup already and must not be escaped again. */
export interface Html {
  readonly markup: string;
}

/** What may stand in a template: text is escaped, markup is taken as it is, nothing is left out. */
export type HtmlPart = Html | string | number | null | undefined | false | readonly HtmlPart[];

/** Builds markup from a template; everything put into it is escaped unless it is `Html` itself. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  const pieces = strings.map((text, index) => text + (index < parts.length ? render(parts[index]) : ""));
  return { markup: pieces.join("") };
}

/** Takes markup made elsewhere as it is. Only for what this program drew or wrote itself. */
export function trusted(markup: string): Html {
  return { markup };
}

/** Text that is safe between tags and inside quoted attributes. */
function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

function render(part: HtmlPart): string {
  if (part === null || part === undefined || part === false) return "";
  if (typeof part === "string") return escapeHtml(part);
  if (typeof part === "number") return String(part);
  if ("markup" in part) return part.markup;
  return part.map((piece) => render(piece)).join("");
}
