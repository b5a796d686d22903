import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { ROOT } from "../workspace/read-workspace.ts";
import { type GeneratedFile, generatedFrom, markdownTable } from "./generated-file.ts";

const SOURCE = "packages/models/src/lifecycle/legal-moves.ts";

type Words = string | readonly string[] | null | undefined;

interface LegalMoves {
  readonly legalMoves: readonly {
    readonly id: string;
    readonly from: Words;
    readonly to: Words;
    readonly who: Words;
    readonly guard?: Words;
    readonly events: Words;
  }[];
}

/** Every legal move of a task: who may make it, when, and which events tell of it. */
export async function stateReference(): Promise<readonly GeneratedFile[]> {
  if (!existsSync(`${ROOT}/${SOURCE}`)) return [];
  const { legalMoves } = (await import(pathToFileURL(`${ROOT}/${SOURCE}`).href)) as LegalMoves;
  const rows = legalMoves.map(({ id, from, to, who, guard, events }) =>
    [id, from, to, who, guard, events].map((words) => inOneCell(words)),
  );
  const text = [
    generatedFrom(SOURCE),
    "",
    "# States and moves",
    "",
    "A task changes only by these moves. Everything else is refused, and the refusal is an answer.",
    "",
    markdownTable(["Move", "From", "To", "Who", "When", "Events"], rows),
    "",
  ].join("\n");
  return [{ path: "docs/reference/states.md", text }];
}

function inOneCell(words: Words): string {
  if (words === null || words === undefined || words.length === 0) return "–";
  return typeof words === "string" ? words : words.join(", ");
}
