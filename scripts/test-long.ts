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

const isTested = run(["vitest", "run", "--testTimeout=600000", ...args]);
const others = [
  () => run(["vitest", "run", "--testTimeout=600000", "--project", "store-postgres"], { MILLRACE_POSTGRES: "15" }),
  () => run([...chaos, "--store", "sqlite"]),
  () => run([...chaos, "--store", "postgres"]),
  () => run(["vitest", "run", "--project", "chaos", "mutant"], { MILLRACE_CHAOS_STORE: "postgres" }),
];
// All of them, so that one run shows all there is to mend.
const isSound = args.length > 0 || others.map((other) => other()).every(Boolean);
if (!isTested || !isSound) process.exitCode = 1;

function run(command: readonly string[], env: NodeJS.ProcessEnv = {}): boolean {
  const { status } = spawnSync(command.join(" "), {
    cwd: ROOT,
    shell: true,
    stdio: "inherit",
    env: { ...process.env, MILLRACE_LONG: long, ...env },
  });
  return status === 0;
}
