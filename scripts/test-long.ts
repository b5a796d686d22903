// `pnpm test:long`: the same tests with MILLRACE_LONG set, which multiplies the runs of properties and of the tests that
// look for races. MILLRACE_LONG=1 in a short CI run, 100 (the default here) over night.
import { spawnSync } from "node:child_process";
import { ROOT } from "./workspace/read-workspace.ts";

const args = process.argv.slice(2).map((argument) => JSON.stringify(argument));
const { status } = spawnSync(["vitest", "run", "--testTimeout=600000", ...args].join(" "), {
  cwd: ROOT,
  shell: true,
  stdio: "inherit",
  env: { ...process.env, MILLRACE_LONG: process.env["MILLRACE_LONG"] ?? "100" },
});
process.exitCode = status ?? 1;
