import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What of a package.json the scripts read. */
export interface Manifest {
  readonly name: string;
  readonly description?: string;
  readonly private?: boolean;
  readonly version?: string;
  readonly files?: readonly string[];
  readonly exports?: Readonly<Record<string, unknown>>;
  /** What takes the place of `exports` when the package is published. */
  readonly publishConfig?: { readonly exports?: Readonly<Record<string, unknown>> };
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

export interface Workspace {
  /** Path from the root, with forward slashes: `packages/engine`. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Every workspace package below the root, in the order packages, apps, bench, chaos, examples. */
export function readWorkspaces(): readonly Workspace[] {
  return [...childFolders("packages"), ...childFolders("apps"), "bench", "chaos", ...childFolders("examples")]
    .filter((folder) => existsSync(`${ROOT}/${folder}/package.json`))
    .map((folder) => ({ folder, manifest: readJson<Manifest>(`${folder}/package.json`) }));
}

/** The TypeScript files of a folder, sorted, with forward slashes, from the root. */
export function sourceFiles(folder: string): readonly string[] {
  return globSync(`${folder}/**/*.ts`, { cwd: ROOT, exclude: (path) => path.endsWith("node_modules") })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => !path.includes("/dist/"))
    .toSorted();
}

export function readText(path: string): string {
  return readFileSync(`${ROOT}/${path}`, "utf8").replaceAll("\r\n", "\n");
}

export function readJson<T>(path: string): T {
  return JSON.parse(readText(path)) as T;
}

function childFolders(parent: string): readonly string[] {
  if (!existsSync(`${ROOT}/${parent}`)) return [];
  return readdirSync(`${ROOT}/${parent}`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${parent}/${entry.name}`)
    .toSorted();
}
