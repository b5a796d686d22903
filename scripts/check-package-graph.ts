// Holds the code to package-graph.json: who may know whom. A wrong arrow fails here before a reviewer has to see it.
import { existsSync } from "node:fs";
import { importProblems, nameProblems } from "./graph/import-problems.ts";
import { manifestProblems } from "./graph/manifest-problems.ts";
import type { PackageGraph } from "./graph/package-graph.ts";
import { type Manifest, readJson, readText, readWorkspaces, ROOT, sourceFiles } from "./workspace/read-workspace.ts";

const graph = readJson<PackageGraph>("package-graph.json");
const workspaces = readWorkspaces();
const ours = new Set(workspaces.map(({ manifest }) => manifest.name));
const rootDev = readJson<Manifest>("package.json").devDependencies ?? {};
const references = readText("tsconfig.json");
const problems: string[] = [];

for (const name of Object.keys(graph.packages))
  if (!existsSync(`${ROOT}/packages/${name}/package.json`))
    problems.push(`package-graph.json names "${name}", but packages/${name} does not exist`);

for (const workspace of workspaces) {
  const { folder, manifest } = workspace;
  if (folder.startsWith("packages/")) {
    const readme = textOf(`${folder}/README.md`);
    problems.push(...manifestProblems(graph, { folder, manifest, readme, ours, rootDev }));
    if (!textOf(`${folder}/tsconfig.build.json`).includes('"src/testing"'))
      problems.push(`${folder}: tsconfig.build.json must exclude "src/testing"`);
  }
  const files = sourceFiles(`${folder}/src`).map((path) => ({ path, text: readText(path) }));
  problems.push(...importProblems(graph, workspace, files), ...nameProblems(sourceFiles(folder)));
  if (existsSync(`${ROOT}/${folder}/tsconfig.json`) && !references.includes(`"${folder}"`))
    problems.push(`${folder}: missing in the references of tsconfig.json, so nobody checks its types`);
}

if (problems.length > 0) {
  console.error(`${problems.length} problems in the package graph:\n  ${problems.join("\n  ")}`);
  process.exitCode = 1;
} else console.log(`package graph holds: ${workspaces.length} workspaces`);

function textOf(path: string): string {
  return existsSync(`${ROOT}/${path}`) ? readText(path) : "";
}
