// `pnpm check`: everything a change must pass besides its tests. Every step runs, so that one look shows all there is to
// mend; the last lines say which failed. `pnpm check lint types` runs only those.
import { spawnSync } from "node:child_process";
import { ROOT } from "./workspace/read-workspace.ts";

const steps: Readonly<Record<string, readonly string[]>> = {
  format: ["oxfmt", "--check", "."],
  lint: ["oxlint"],
  types: ["tsc", "-b"],
  graph: ["node", "scripts/check-package-graph.ts"],
  gen: ["node", "scripts/gen.ts", "--check"],
  knip: ["knip"],
  lock: ["node", "scripts/check-lock.mjs"],
  package: ["turbo", "run", "build", "pkg", "--output-logs=errors-only"],
  packed: ["node", "scripts/check-packed.ts"],
  size: ["size-limit"],
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in steps));
if (unknown.length > 0)
  throw new Error(`no step called ${unknown.join(", ")}; there are ${Object.keys(steps).join(", ")}`);

const results = Object.entries(steps)
  .filter(([name]) => wanted.length === 0 || wanted.includes(name))
  .map(([name, command]) => ({ name, ...runStep(name, command) }));
const failed = results.filter(({ isOk }) => !isOk);

console.log("");
for (const { name, isOk, ms } of results)
  console.log(`${isOk ? "ok    " : "FAILED"} ${name} (${(ms / 1000).toFixed(1)} s)`);
if (failed.length > 0) process.exitCode = 1;

function runStep(name: string, command: readonly string[]): { readonly isOk: boolean; readonly ms: number } {
  console.log(`\n── ${name}: ${command.join(" ")}`);
  const startedAt = performance.now();
  // A shell, because on Windows the tools are .cmd files; nothing in `steps` needs quoting.
  const { status } = spawnSync(command.join(" "), {
    cwd: ROOT,
    shell: true,
    stdio: "inherit",
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" },
  });
  return { isOk: status === 0, ms: performance.now() - startedAt };
}
