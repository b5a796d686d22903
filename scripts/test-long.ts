// `pnpm test:long`: the tests that look for races or run at random, so many times more often as MILLRACE_LONG says; the Postgres
// store on the oldest release it serves; then chaos on each database, and on Postgres also against a store that does not check
// leases, which must be found out. MILLRACE_LONG=1 in a short CI run, 100 (the default here) over night. `pnpm test:long NAME` runs
// only the files of that name.
import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./workspace/read-workspace.ts";

const long = process.env["MILLRACE_LONG"] ?? "100";
const args = process.argv.slice(2).map((argument) => JSON.stringify(argument));
const named = args.length > 0 ? args : filesThatRunLonger();
const chaosSeconds = Math.min(120, 7 + Number(long));
const chaos = ["node", "--conditions=@millrace/source", "chaos/src/main.ts", "--seconds", String(chaosSeconds)];

const vitest = ["vitest", "run", "--testTimeout=600000"];
const failed: string[] = [];

run([...vitest, ...named]);
if (args.length === 0) {
  run([...vitest, "--project", "store-postgres"], { MILLRACE_POSTGRES: "15" });
  run([...chaos, "--store", "sqlite"]);
  run([...chaos, "--store", "postgres"]);
  run(["vitest", "run", "--project", "chaos", "mutant"], { MILLRACE_CHAOS_STORE: "postgres" });
}
for (const command of failed) console.error(`failed: ${command}`);
if (failed.length > 0) process.exitCode = 1;

/** Tests that ask how often they are to run, themselves or by the suite that every store passes. */
function filesThatRunLonger(): readonly string[] {
  const asks = /MILLRACE_LONG|MILLRACE_PROPERTY_RUNS|testTaskStore\(/;
  const files = globSync("{packages,examples}/*/src/**/*.test.ts", { cwd: ROOT });
  return files.filter((file) => asks.test(readFileSync(join(ROOT, file), "utf8"))).toSorted();
}

/** The next one runs even when this one failed, so that one run shows all there is to mend. */
function run(command: readonly string[], env: NodeJS.ProcessEnv = {}): void {
  const { status } = spawnSync(command.join(" "), {
    cwd: ROOT,
    shell: true,
    stdio: "inherit",
    env: { ...process.env, MILLRACE_LONG: long, MILLRACE_PROPERTY_RUNS: long, ...env },
  });
  const settings = Object.entries(env).map(([name, value]) => `${name}=${value} `);
  if (status !== 0) failed.push(`${settings.join("")}${command.join(" ")}`);
}
