import { globSync } from "node:fs";
import { basename } from "node:path";
import { readText, ROOT } from "../workspace/read-workspace.ts";
import { type GeneratedFile, generatedFrom, markdownTable } from "./generated-file.ts";

/** The list of decisions, from the first line of each `docs/adr/NNNN-*.md`. */
export function adrIndex(): readonly GeneratedFile[] {
  const rows = globSync("docs/adr/[0-9][0-9][0-9][0-9]-*.md", { cwd: ROOT })
    .toSorted()
    .map((path) => {
      const file = basename(path);
      const title =
        readText(path)
          .split("\n", 1)[0]
          ?.replace(/^#\s*(\d+\.?\s*)?/, "") ?? file;
      return [file.slice(0, 4), `[${title}](${file})`];
    });
  const text = [
    generatedFrom("docs/adr/*.md"),
    "",
    "# Decisions",
    "",
    "Each page says what the situation was, what was decided and what it costs. To undo one, add a new page that says why.",
    "",
    markdownTable(["Number", "Decision"], rows),
    "",
  ].join("\n");
  return [{ path: "docs/adr/README.md", text }];
}
