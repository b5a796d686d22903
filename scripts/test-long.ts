// `pnpm test:long`: the same tests with MILLRACE_LONG set, which multiplies the runs of properties and of the tests that
// look for races; then chaos. MILLRACE_LONG=1 in a short CI run, 100 (the default here) over night. `pnpm test:long NAME`
// runs only those tests.
import { spawnSync } from "node:child_process";
import { ROOT } from "./workspace/read-workspace.ts";

const long = process.env["MILLRACE_LONG"] ?? "100";
const args = process.argv.slice(2).map((argument) => JSON.stringify(argument));
const chaosSeconds = Math.min(120, 7 + Number(long));

const isTested = run(["vitest", "run", "--testTimeout=600000", ...args]);
const isCalm =
  args.length > 0 ||
  run(["node", "--conditions=@millrace/source", "chaos/src/main.ts", "--seconds", String(chaosSeconds)]);
if (!isTested || !isCalm) process.exitCode = 1;

function run(command: readonly string[]): boolean {
  const { status } = spawnSync(command.join(" "), {
    cwd: ROOT,
    shell: true,
    stdio: "inherit",
    env: { ...process.env, MILLRACE_LONG: long },
  });
  return status === 0;
}
