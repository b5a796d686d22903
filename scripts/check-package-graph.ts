// Holds the code to package-graph.json: who may know whom. A wrong arrow fails here before a reviewer has to see it.
import { existsSync } from "node:fs";
import { posix } from "node:path";
import { importsOf, packageOf } from "./workspace/imports-of.ts";
import { readJson, readText, readWorkspaces, ROOT, sourceFiles, type Workspace } from "./workspace/read-workspace.ts";

interface GraphRow {
  readonly floor: number;
  readonly job: string;
  readonly inside: readonly string[];
  readonly outside: readonly string[];
  readonly peers?: readonly string[];
  readonly devEdges?: readonly string[];
}

interface PackageGraph {
  readonly testTools: readonly string[];
  readonly packages: Readonly<Record<string, GraphRow>>;
}

const BANNED_NAME = /(^|[/.-])(utils?|helpers?|common|types|manager|misc)(\.test)?\.ts$/;
const graph = readJson<PackageGraph>("package-graph.json");
const workspaces = readWorkspaces();
const isOurs = new Set(workspaces.map((workspace) => workspace.manifest.name));
const rootDev = readJson<Workspace["manifest"]>("package.json").devDependencies ?? {};
const references = readText("tsconfig.json");
const problems: string[] = [];

for (const name of Object.keys(graph.packages)) {
  const found = existsSync(`${ROOT}/packages/${name}/package.json`);
  if (!found) problems.push(`package-graph.json names "${name}", but packages/${name} does not exist`);
}
for (const workspace of workspaces) {
  if (workspace.folder.startsWith("packages/")) checkPackage(workspace);
  checkImports(workspace);
  checkFileNames(workspace);
  const hasTypes = existsSync(`${ROOT}/${workspace.folder}/tsconfig.json`);
  if (hasTypes && !references.includes(`"${workspace.folder}"`))
    problems.push(`${workspace.folder}: missing in the references of tsconfig.json, so nobody checks its types`);
}

if (problems.length > 0) {
  console.error(`${problems.length} problems in the package graph:\n  ${problems.join("\n  ")}`);
  process.exitCode = 1;
} else console.log(`package graph holds: ${workspaces.length} workspaces`);

function checkPackage({ folder, manifest }: Workspace): void {
  const name = folder.slice("packages/".length);
  const row = graph.packages[name];
  if (row === undefined) {
    problems.push(`${folder}: no row in package-graph.json`);
    return;
  }
  if (manifest.name !== scoped(name)) problems.push(`${folder}: the package must be called ${scoped(name)}`);
  if (row.job.trim() === "") problems.push(`${folder}: its row has no sentence saying its job`);
  if (manifest.description !== row.job) problems.push(`${folder}: description differs from the job in the graph`);
  const readme = existsSync(`${ROOT}/${folder}/README.md`) ? readText(`${folder}/README.md`) : "";
  if (!readme.replaceAll(/\s+/g, " ").includes(row.job)) problems.push(`${folder}: README.md lacks its sentence`);

  const declared = Object.keys(manifest.dependencies ?? {});
  const inside = declared.filter((dependency) => isOurs.has(dependency));
  const outside = declared.filter((dependency) => !isOurs.has(dependency));
  mustEqual(`${folder}: dependencies inside`, inside, row.inside.map(scoped));
  mustEqual(`${folder}: dependencies outside`, outside, row.outside);
  mustEqual(`${folder}: peerDependencies`, Object.keys(manifest.peerDependencies ?? {}), row.peers ?? []);

  for (const target of row.inside) {
    const floor = graph.packages[target]?.floor;
    if (floor === undefined || floor >= row.floor)
      problems.push(`${folder}: on floor ${row.floor} may not stand on ${target} (floor ${floor ?? "unknown"})`);
  }
  // Dev-only edges come from the root, because two packages that test each other would be a circle for the build.
  for (const target of row.devEdges ?? [])
    if (!(scoped(target) in rootDev))
      problems.push(`${folder}: dev edge to ${target}, which is not a root devDependency`);
  for (const dependency of Object.keys(manifest.devDependencies ?? {}))
    if (isOurs.has(dependency)) problems.push(`${folder}: ${dependency} belongs in devEdges, not in devDependencies`);
}

function checkImports({ folder, manifest }: Workspace): void {
  const row = graph.packages[folder.slice("packages/".length)];
  const inSource = new Set([
    manifest.name,
    ...Object.keys(manifest.dependencies ?? {}),
    ...Object.keys(manifest.peerDependencies ?? {}),
  ]);
  const inTests = new Set([
    ...inSource,
    ...Object.keys(manifest.devDependencies ?? {}),
    ...(row?.devEdges ?? []).map(scoped),
    ...graph.testTools,
  ]);
  const isBareOnly = row?.floor === 1;
  for (const file of sourceFiles(`${folder}/src`)) {
    const isTest = /\.test(-d)?\.ts$/.test(file);
    for (const specifier of importsOf(readText(file))) {
      if (specifier.startsWith(".")) {
        if (!posix.join(posix.dirname(file), specifier).startsWith(`${folder}/`))
          problems.push(`${file}: "${specifier}" leaves the package`);
      } else if (specifier.startsWith("node:") || specifier.startsWith("bun:")) {
        if (isBareOnly && !isTest) problems.push(`${file}: "${specifier}" does not exist in a browser`);
      } else if (!(isTest ? inTests : inSource).has(packageOf(specifier)))
        problems.push(`${file}: imports ${packageOf(specifier)}, which its package does not declare`);
    }
  }
}

function checkFileNames({ folder }: Workspace): void {
  for (const file of sourceFiles(folder))
    if (BANNED_NAME.test(file)) problems.push(`${file}: says nothing; name a file for its main export`);
}

function mustEqual(what: string, actual: readonly string[], wanted: readonly string[]): void {
  const extra = actual.filter((item) => !wanted.includes(item));
  const missing = wanted.filter((item) => !actual.includes(item));
  if (extra.length > 0) problems.push(`${what}: ${extra.join(", ")} not allowed by package-graph.json`);
  if (missing.length > 0) problems.push(`${what}: ${missing.join(", ")} in package-graph.json but not in package.json`);
}

function scoped(name: string): string {
  return name === "millrace" ? name : `@millrace/${name}`;
}
