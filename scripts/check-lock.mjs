// pnpm leaves a platform's binary out of the lockfile, without a word, when the registry lacks it at that version.
// The clone would then be broken on every machine of that platform. This reads what the installed packages declare for
// macOS, Windows and Linux, and fails when pnpm-lock.yaml does not hold it, or names a place other than the registry.
import { readdirSync, readFileSync } from "node:fs";

const lock = readFileSync(new URL("../pnpm-lock.yaml", import.meta.url), "utf8");
const store = new URL("../node_modules/.pnpm/", import.meta.url);
const PLATFORM = /(darwin|win32|windows|win|linux)[-.]?(x64|64|arm64|aarch64)(?!.*(musl|android))/;
const problems = [];

for (const folder of readdirSync(store)) {
  const manifest = installedManifest(folder);
  for (const [binary, range] of Object.entries(manifest?.optionalDependencies ?? {}))
    if (PLATFORM.test(binary) && !isLocked(binary))
      problems.push(`${manifest.name}@${manifest.version} needs ${binary}@${range}, which is not in the lockfile`);
}
for (const line of lock.matchAll(/^.*(?:tarball:|https?:\/\/).*$/gm))
  problems.push(`the lockfile names an address: ${line[0].trim()}`);

if (problems.length > 0) {
  console.error(`pnpm-lock.yaml has ${problems.length} problems:\n  ${problems.join("\n  ")}`);
  process.exitCode = 1;
} else console.log("lockfile is complete for macOS, Windows and Linux");

function installedManifest(folder) {
  const at = folder.indexOf("@", 1);
  if (at < 0) return undefined;
  const name = folder.slice(0, at).replace("+", "/");
  try {
    return JSON.parse(readFileSync(new URL(`${folder}/node_modules/${name}/package.json`, store), "utf8"));
  } catch {
    return undefined; // a folder of pnpm's own
  }
}

function isLocked(name) {
  return lock.includes(`\n  ${name}@`) || lock.includes(`\n  '${name}@`);
}
