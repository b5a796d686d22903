// Runs every example as a reader would: its own `start` script. An example passes when it ends by itself with code 0.
import { spawnSync } from "node:child_process";
import { readWorkspaces, ROOT } from "./workspace/read-workspace.ts";

const LIMIT_MS = 60_000;
const wanted = process.argv.slice(2);

const examples = readWorkspaces()
  .filter(({ folder }) => folder.startsWith("examples/"))
  .filter(({ folder }) => wanted.length === 0 || wanted.includes(folder.slice("examples/".length)));

const failures = examples.filter(({ folder, manifest }) => {
  const start = manifest.scripts?.["start"];
  if (start === undefined) {
    console.error(`FAILED ${folder}: no "start" script`);
    return true;
  }
  const startedAt = performance.now();
  const run = spawnSync(start, {
    cwd: `${ROOT}/${folder}`,
    shell: true,
    encoding: "utf8",
    timeout: LIMIT_MS,
    killSignal: "SIGKILL",
  });
  const isOk = run.status === 0;
  console.log(`${isOk ? "ok    " : "FAILED"} ${folder} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
  if (!isOk) console.error(`${run.stdout}${run.stderr}${run.error?.message ?? ""}`);
  return !isOk;
});

console.log(`${examples.length - failures.length} of ${examples.length} examples ran`);
if (failures.length > 0) process.exitCode = 1;
