import type { Manifest } from "../workspace/read-workspace.ts";
import { type GraphRow, type PackageGraph, scoped } from "./package-graph.ts";

/** What of one folder of packages/ is held against its row in the graph. */
export interface PackageFacts {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly readme: string;
  /** Names of all workspaces, which are dependencies inside. */
  readonly ours: ReadonlySet<string>;
  readonly rootDev: Readonly<Record<string, string>>;
}

const LEFT_OUT = ["!src/**/*.test.ts", "!src/**/*.test-d.ts", "!src/**/__snapshots__", "!src/testing"];

/** Where a package's manifest and README differ from its row in the graph. */
export function manifestProblems(graph: PackageGraph, facts: PackageFacts): readonly string[] {
  const { folder, manifest } = facts;
  const name = folder.slice("packages/".length);
  const row = graph.packages[name];
  if (row === undefined) return [`${folder}: no row in package-graph.json`];

  const problems: string[] = [];
  if (manifest.name !== scoped(name)) problems.push(`${folder}: the package must be called ${scoped(name)}`);
  for (const pattern of LEFT_OUT)
    if (manifest.private !== true && manifest.files?.includes(pattern) !== true)
      problems.push(`${folder}: "files" must say "${pattern}", or tests are published`);
  return [
    ...problems,
    ...sentenceProblems(row, facts),
    ...dependencyProblems(row, facts),
    ...row.inside.flatMap((target) => floorProblems(graph, row, { folder, target })),
    ...testEdgeProblems(row, facts),
  ];
}

function sentenceProblems(row: GraphRow, { folder, manifest, readme }: PackageFacts): readonly string[] {
  if (row.job.trim() === "") return [`${folder}: its row has no sentence saying its job`];
  const problems: string[] = [];
  if (manifest.description !== row.job) problems.push(`${folder}: description differs from the job in the graph`);
  if (!readme.replaceAll(/\s+/g, " ").includes(row.job)) problems.push(`${folder}: README.md lacks its sentence`);
  return problems;
}

function dependencyProblems(row: GraphRow, { folder, manifest, ours }: PackageFacts): readonly string[] {
  const declared = Object.keys(manifest.dependencies ?? {});
  const inside = declared.filter((dependency) => ours.has(dependency));
  const outside = declared.filter((dependency) => !ours.has(dependency));
  return [
    ...differences(`${folder}: dependencies inside`, inside, row.inside.map(scoped)),
    ...differences(`${folder}: dependencies outside`, outside, row.outside),
    ...differences(`${folder}: peerDependencies`, Object.keys(manifest.peerDependencies ?? {}), row.peers ?? []),
  ];
}

function floorProblems(
  graph: PackageGraph,
  row: GraphRow,
  { folder, target }: { readonly folder: string; readonly target: string },
): readonly string[] {
  const floor = graph.packages[target]?.floor;
  if (floor !== undefined && floor < row.floor) return [];
  return [`${folder}: on floor ${row.floor} may not stand on ${target} (floor ${floor ?? "unknown"})`];
}

// Dev-only edges come from the root, because two packages that test each other would be a circle for the build.
function testEdgeProblems(row: GraphRow, { folder, manifest, ours, rootDev }: PackageFacts): readonly string[] {
  const notAtRoot = (row.devEdges ?? []).filter((target) => !(scoped(target) in rootDev));
  const own = Object.keys(manifest.devDependencies ?? {}).filter((dependency) => ours.has(dependency));
  return [
    ...notAtRoot.map((target) => `${folder}: dev edge to ${target}, which is not a root devDependency`),
    ...own.map((dependency) => `${folder}: ${dependency} belongs in devEdges, not in devDependencies`),
  ];
}

function differences(what: string, actual: readonly string[], wanted: readonly string[]): readonly string[] {
  const extra = actual.filter((item) => !wanted.includes(item));
  const missing = wanted.filter((item) => !actual.includes(item));
  return [
    ...(extra.length > 0 ? [`${what}: ${extra.join(", ")} not allowed by package-graph.json`] : []),
    ...(missing.length > 0 ? [`${what}: ${missing.join(", ")} in package-graph.json but not in package.json`] : []),
  ];
}
