// `pnpm test:long`: the same tests with MILLRACE_LONG set, which multiplies the runs of properties and of the tests that look
// for races; the Postgres store on the oldest release it serves; then chaos on each database, and on Postgres also against a
// store that does not check leases, which must be found out. MILLRACE_LONG=1 in a short CI run, 100 (the default here) over
// night. `pnpm test:long NAME` runs only those tests.
import { spawnSync } from "node:child_process";
import { ROOT } from "./workspace/read-workspace.ts";

const long = process.env["MILLRACE_LONG"] ?? "100";
const args = process.argv.slice(2).map((argument) => JSON.stringify(argument));
const chaosSeconds = Math.min(120, 7 + Number(long));
const chaos = ["node", "--conditions=@millrace/source", "chaos/src/main.ts", "--seconds", String(chaosSeconds)];

const vitest = ["vitest", "run", "--testTimeout=600000"];
const failed: string[] = [];

run([...vitest, ...args]);
if (args.length === 0) {
  run([...vitest, "--project", "store-postgres"], { MILLRACE_POSTGRES: "15" });
  run([...chaos, "--store", "sqlite"]);
  run([...chaos, "--store", "postgres"]);
  run(["vitest", "run", "--project", "chaos", "mutant"], { MILLRACE_CHAOS_STORE: "postgres" });
}
for (const command of failed) console.error(`failed: ${command}`);
if (failed.length > 0) process.exitCode = 1;

/** The next one runs even when this one failed, so that one run shows all there is to mend. */
function run(command: readonly string[], env: NodeJS.ProcessEnv = {}): void {
  const { status } = spawnSync(command.join(" "), {
    cwd: ROOT,
    shell: true,
    stdio: "inherit",
    env: { ...process.env, MILLRACE_LONG: long, ...env },
  });
  const settings = Object.entries(env).map(([name, value]) => `${name}=${value} `);
  if (status !== 0) failed.push(`${settings.join("")}${command.join(" ")}`);
}
