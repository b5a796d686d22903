import { posix } from "node:path";
import { importsOf, packageOf } from "../workspace/imports-of.ts";
import type { Workspace } from "../workspace/read-workspace.ts";
import { type PackageGraph, scoped } from "./package-graph.ts";

/** A source file: its path from the root, with forward slashes, and what stands in it. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

const BANNED_NAME = /(^|[/.-])(utils?|helpers?|common|types|manager|misc)(\.test)?\.ts$/;
// A test, or what tests share: the build and the published files leave both out.
const FOR_TESTS = /\.test(-d)?\.ts$|^[^/]+\/[^/]+\/src\/testing\//;

/** The imports of a workspace's sources that its manifest, its floor or its border does not allow. */
export function importProblems(
  graph: PackageGraph,
  workspace: Workspace,
  files: readonly SourceFile[],
): readonly string[] {
  const { folder, manifest } = workspace;
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
  return files.flatMap((file) => {
    const isForTests = FOR_TESTS.test(file.path);
    const from = { folder, path: file.path, isForTests, isBare: row?.floor === 1 && !isForTests };
    return importsOf(file.text).flatMap((specifier) => {
      if (specifier.startsWith(".")) return relativeProblems(from, specifier);
      if (specifier.startsWith("node:") || specifier.startsWith("bun:"))
        return from.isBare ? [`${file.path}: "${specifier}" does not exist in a browser`] : [];
      const isDeclared = (isForTests ? inTests : inSource).has(packageOf(specifier));
      return isDeclared ? [] : [`${file.path}: imports ${packageOf(specifier)}, which its package does not declare`];
    });
  });
}

/** The files of a workspace whose names say nothing. */
export function nameProblems(paths: readonly string[]): readonly string[] {
  return paths
    .filter((path) => BANNED_NAME.test(path))
    .map((path) => `${path}: says nothing; name a file for its main export`);
}

function relativeProblems(
  from: { readonly folder: string; readonly path: string; readonly isForTests: boolean },
  specifier: string,
): readonly string[] {
  const target = posix.join(posix.dirname(from.path), specifier);
  if (!target.startsWith(`${from.folder}/`)) return [`${from.path}: "${specifier}" leaves the package`];
  if (!from.isForTests && FOR_TESTS.test(target))
    return [`${from.path}: "${specifier}" is for tests, and is not published`];
  return [];
}
