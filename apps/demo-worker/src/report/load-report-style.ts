import { readFile } from "node:fs/promises";

const sheets = ["report.css", "report-cards.css"];

/** The style sheets of the report as one text, to stand inside the page. */
export async function loadReportStyle(): Promise<string> {
  const texts = await Promise.all(sheets.map((name) => readFile(new URL(name, import.meta.url), "utf8")));
  return texts.join("\n");
}
