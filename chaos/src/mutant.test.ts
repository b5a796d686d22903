import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const staleWrite = / {2}I3 .*: attempt \d+ wrote version \d+ of attempt \d+/;

it("finds a store that does not check leases within a minute", { timeout: 90_000 }, () => {
  const until = performance.now() + 50_000;
  let run = runMutant();
  // What it looks for needs a reply that comes late just then: a short run may not have had one.
  while (!staleWrite.test(run.stderr + run.stdout) && performance.now() < until) run = runMutant();
  expect(run.stdout + run.stderr).toMatch(staleWrite);
  expect(run.status).toBe(1);
});

function runMutant(): SpawnSyncReturns<string> {
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const store = process.env["MILLRACE_CHAOS_STORE"] ?? "sqlite";
  const run = spawnSync(process.execPath, [...process.execArgv, main, "--mutant", "--seconds", "6", "--store", store], {
    encoding: "utf8",
  });
  const folder = /kept in (.*)\.$/m.exec(run.stderr)?.[1];
  if (folder) rmSync(folder, { recursive: true, force: true });
  return run;
}
