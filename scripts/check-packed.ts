// Installs every packed package into an empty folder of its own, as a user would, and imports what it exports. This finds
// what the workspace hides: a file that is not packed, a dependency that is not declared, an export that leads nowhere.
// Dependencies inside come from their tarballs, those outside from what is installed here: no registry is asked.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Manifest, readWorkspaces, ROOT } from "./workspace/read-workspace.ts";

interface PackedPackage {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly tarball: string;
}

const FOR_TESTS = /\.test(-d)?\.|\/testing\//;
// These start tests, and vitest cannot be imported outside its runner.
const NEED_A_RUNNER: ReadonlySet<string> = new Set(["@millrace/conformance"]);

const packages: readonly PackedPackage[] = readWorkspaces()
  .filter(({ folder }) => folder.startsWith("packages/"))
  .map(({ folder, manifest }) => ({ folder, manifest, tarball: `${ROOT}/${folder}/package.tgz` }));
const overrides = Object.fromEntries(packages.flatMap((one) => [packedPlace(one), ...outsidePlaces(one)]));
const root = mkdtempSync(join(tmpdir(), "millrace-packed-"));
let problems: readonly string[];
try {
  problems = packages.flatMap((one) => problemsOf(one));
} finally {
  rmSync(root, { recursive: true, force: true });
}

if (problems.length > 0) {
  console.error(`${problems.length} problems in packed packages:\n  ${problems.join("\n  ")}`);
  process.exitCode = 1;
} else console.log(`${packages.length} packed packages install into an empty folder and import`);

function problemsOf(one: PackedPackage): readonly string[] {
  const { name } = one.manifest;
  if (!existsSync(one.tarball)) return [`${name}: not packed; run the step "package" first`];
  const files = run("tar", ["-tzf", "package.tgz"], `${ROOT}/${one.folder}`).output.split("\n");
  const forTests = files
    .filter((file) => FOR_TESTS.test(file))
    .map((file) => `${name}: packs ${file}, which is a test's`);

  const entries = entriesOf(one);
  // A sub-path that is named for an optional peer may need it; nothing else may before it is asked for.
  const forPeers = optionalPeers(one).filter((peer) => entries.includes(`${name}/${peer}`));
  const plain = entries.filter((entry) => !forPeers.some((peer) => entry === `${name}/${peer}`));
  return [
    ...forTests,
    ...importProblems(one, plain, null),
    ...forPeers.flatMap((peer) => importProblems(one, [`${name}/${peer}`], peer)),
  ];
}

function importProblems(one: PackedPackage, entries: readonly string[], peer: string | null): readonly string[] {
  const folder = emptyFolderFor(one, peer);
  const install = run("pnpm", ["install", "--offline", "--ignore-scripts", "--no-lockfile"], folder);
  if (!install.isOk) return [`${one.manifest.name}: cannot be installed alone\n${install.output}`];
  return entries.flatMap((entry) => {
    const imported = run("node", ["import.mjs", entry], folder);
    return imported.isOk ? [] : [`${entry}: cannot be imported\n${imported.output}`];
  });
}

function optionalPeers({ manifest }: PackedPackage): readonly string[] {
  const peers = Object.keys(manifest.peerDependencies ?? {});
  return peers.filter((peer) => manifest.peerDependenciesMeta?.[peer]?.optional === true);
}

/** With the peers that are not optional, and one that is when it is named. */
function emptyFolderFor(one: PackedPackage, extra: string | null): string {
  const { folder, manifest } = one;
  const target = join(root, `${folder.slice("packages/".length)}${extra === null ? "" : `-with-${extra}`}`);
  const optional = optionalPeers(one);
  const peers = Object.keys(manifest.peerDependencies ?? {}).filter((peer) => !optional.includes(peer));
  const wanted = [manifest.name, ...peers, ...(extra === null ? [] : [extra])];
  const dependencies = Object.fromEntries(wanted.map((name) => [name, overrides[name]]));
  mkdirSync(target);
  writeFileSync(join(target, "package.json"), JSON.stringify({ private: true, type: "module", dependencies }));
  // JSON is YAML.
  writeFileSync(join(target, "pnpm-workspace.yaml"), JSON.stringify({ overrides }));
  const load = NEED_A_RUNNER.has(manifest.name)
    ? `import { existsSync } from "node:fs";
       const found = existsSync(new URL(import.meta.resolve(process.argv[2])));
       if (!found) throw new Error("leads to no file");`
    : `const names = Object.keys(await import(process.argv[2]));
       if (names.length === 0) throw new Error("exports nothing");`;
  writeFileSync(join(target, "import.mjs"), load);
  return target;
}

/** What can be imported of a package once it is published: `name`, `name/sub-path`. */
function entriesOf({ manifest }: PackedPackage): readonly string[] {
  return Object.keys(manifest.publishConfig?.exports ?? manifest.exports ?? {})
    .filter((path) => path !== "./package.json")
    .map((path) => `${manifest.name}${path.slice(1)}`);
}

function packedPlace({ manifest, tarball }: PackedPackage): readonly [string, string] {
  return [manifest.name, `file:${tarball}`];
}

function outsidePlaces({ folder, manifest }: PackedPackage): readonly (readonly [string, string])[] {
  return Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
    .filter((name) => !packages.some((one) => one.manifest.name === name))
    .map((name) => [name, `link:${realpathSync(`${ROOT}/${folder}/node_modules/${name}`)}`] as const);
}

function run(
  command: string,
  args: readonly string[],
  cwd: string,
): { readonly isOk: boolean; readonly output: string } {
  // A shell, because on Windows pnpm is a .cmd file; nothing in `args` needs quoting.
  const line = [command, ...args].join(" ");
  const { status, stdout, stderr } = spawnSync(line, { cwd, shell: true, encoding: "utf8", timeout: 60_000 });
  return { isOk: status === 0, output: `${stdout}${stderr}` };
}
