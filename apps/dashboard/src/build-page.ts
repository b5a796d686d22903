import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, globSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { constants, setPriority } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Builds the page where this is a clone that nobody has built yet, or whose page is older than its sources: about two seconds. In an
 * installed package it is there already. Rejects when it cannot be built.
 */
export async function buildPage(): Promise<void> {
  const entry = fileURLToPath(import.meta.resolve("@millrace/dashboard"));
  const folder = dirname(dirname(entry));
  const sources = globSync("ui/**/*.*", { cwd: folder });
  const built = join(folder, "dist/ui/index.html");
  if (
    sources.length === 0 ||
    isNewer(
      built,
      [...sources, "vite.config.ts"].map((name) => join(folder, name)),
    )
  )
    return;
  const vite = join(dirname(createRequire(entry).resolve("vite/package.json")), "bin/vite.js");
  const child = spawn(process.execPath, [vite, "build", "--logLevel", "error"], { cwd: folder, stdio: "ignore" });
  // Whatever else runs here comes first.
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`The page could not be built (${code ?? "killed"}): run \`pnpm build\` to see why.`);
}

function isNewer(built: string, sources: readonly string[]): boolean {
  if (!existsSync(built)) return false;
  const at = statSync(built).mtimeMs;
  return sources.every((path) => statSync(path).mtimeMs <= at);
}
