// Which behaviours of the systems that came before are proved here, read from the titles of the tests: a title that
// starts with row ids (`R9: …`, `R9, F7: …`) is the proof of those rows of docs/reference/checklist.json.
import { readJson, readText, readWorkspaces, sourceFiles } from "../workspace/read-workspace.ts";
import { type GeneratedFile, generatedFrom, markdownTable } from "./generated-file.ts";

interface Checklist {
  readonly systems: readonly {
    readonly prefix: string;
    readonly system: string;
    readonly rows: Readonly<Record<string, string>>;
  }[];
}

export interface Proof {
  readonly row: string;
  readonly title: string;
  readonly file: string;
}

// Moves and invariants (`M1`, `I16`) may stand between the rows; they are no rows.
const TITLE = /(["'`])([TQREFMI]\d{1,2}(?:,\s*[TQREFMI]\d{1,2})*):\s((?:\\.|(?!\1)[^\\\n])*)\1/g;

export function coverageTables(): readonly GeneratedFile[] {
  const checklist = readJson<Checklist>("docs/reference/checklist.json");
  const proofs = testFiles().flatMap((file) => proofsIn(file, readText(file)));
  const known = new Set(checklist.systems.flatMap(({ rows }) => Object.keys(rows)));
  const unknown = proofs.filter(({ row }) => !known.has(row));
  if (unknown.length > 0)
    throw new Error(`no such row: ${unknown.map(({ row, file }) => `${row} in ${file}`).join(", ")}`);

  const sections = checklist.systems.map(({ prefix, system, rows }) => {
    const ids = Object.keys(rows);
    const covered = ids.filter((id) => proofs.some((proof) => proof.row === id));
    const lines = ids.map((id) => [id, rows[id] ?? "", proofCell(proofs.filter((proof) => proof.row === id))]);
    return [
      `## ${prefix}: ${system}`,
      "",
      `${covered.length} of ${ids.length} rows covered.`,
      "",
      markdownTable(["Row", "Behaviour", "Tests"], lines),
      "",
    ].join("\n");
  });
  const text = [
    generatedFrom("the titles of the tests"),
    "",
    "# Coverage of the earlier systems",
    "",
    "Five task systems came before this one. Every row is something one of them could do; beside it stand the tests that",
    "prove it here.",
    "",
    ...sections,
  ].join("\n");
  return [{ path: "docs/reference/coverage.md", text }];
}

/** Every titled proof in the text of a test file, one for each row its title names. */
export function proofsIn(file: string, source: string): readonly Proof[] {
  return [...source.matchAll(TITLE)].flatMap((match) =>
    (match[2] ?? "")
      .split(/,\s*/)
      .filter((id) => /^[TQREF]/.test(id))
      .map((row) => ({ row, title: (match[3] ?? "").replaceAll(/\\(.)/g, "$1"), file })),
  );
}

function testFiles(): readonly string[] {
  const folders = readWorkspaces().map(({ folder }) => `${folder}/src`);
  return folders
    .flatMap((folder) => sourceFiles(folder))
    .filter((file) => file.endsWith(".test.ts") || file.startsWith("packages/conformance/src/"));
}

function proofCell(proofs: readonly Proof[]): string {
  if (proofs.length === 0) return "not covered yet";
  return proofs.map(({ title, file }) => `${title} (\`${file}\`)`).join("<br>");
}
