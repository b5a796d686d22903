import { readFile } from "node:fs/promises";

/** In the order of the cascade. */
const sheets = ["page", "opening", "failures", "cards", "columns", "phone-and-paper"];

/** The style sheets of the report as one text, to stand inside the page. */
export async function loadReportStyle(): Promise<string> {
  const texts = await Promise.all(
    sheets.map((name) => readFile(new URL(`style/${name}.css`, import.meta.url), "utf8")),
  );
  return texts.join("\n");
}
