// `pnpm new:package NAME "One sentence that says its job."` copies templates/package and writes the new package into
// package-graph.json and tsconfig.json, so that the first `pnpm check` already holds it to the rules.
import { existsSync, globSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { readJson, readText, ROOT } from "./workspace/read-workspace.ts";

interface PackageGraph {
  readonly packages: Record<string, { readonly floor: number; readonly job: string } & Record<string, unknown>>;
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { floor: { type: "string", default: "2" } },
});
const [name = "", job = ""] = positionals;
if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || !/^[A-Z].*\.$/.test(job))
  throw new Error('usage: pnpm new:package my-name "One sentence that says its job." [--floor 2]');
const folder = `packages/${name}`;
if (existsSync(`${ROOT}/${folder}`)) throw new Error(`${folder} is there already`);

copyTemplate();
addToGraph();
addToTypes();
console.log(`made ${folder}. Next: pnpm install, then pnpm check`);

function copyTemplate(): void {
  const files = globSync("templates/package/**/*", { cwd: ROOT }).filter((path) =>
    statSync(`${ROOT}/${path}`).isFile(),
  );
  for (const file of files) {
    const path = `${ROOT}/${folder}/${filled(file.replaceAll("\\", "/").slice("templates/package/".length))}`;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, filled(readText(file)));
  }
}

function addToGraph(): void {
  const graph = readJson<PackageGraph>("package-graph.json");
  graph.packages[name] = { floor: Number(values.floor), job, inside: ["models"], outside: [] };
  const packages = Object.entries(graph.packages).toSorted(
    ([oneName, one], [otherName, other]) => one.floor - other.floor || (oneName < otherName ? -1 : 1),
  );
  write("package-graph.json", { ...graph, packages: Object.fromEntries(packages) });
}

function addToTypes(): void {
  const config = readJson<{ readonly references: { readonly path: string }[] }>("tsconfig.json");
  config.references.push({ path: folder });
  write("tsconfig.json", config);
}

function write(path: string, value: unknown): void {
  writeFileSync(`${ROOT}/${path}`, `${JSON.stringify(value, null, 2)}\n`);
}

function filled(text: string): string {
  const exported = name.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return text
    .replaceAll("__NAME__", `@millrace/${name}`)
    .replaceAll("__FOLDER__", name)
    .replaceAll("__EXPORT__", exported)
    .replaceAll("__JOB__", job);
}
