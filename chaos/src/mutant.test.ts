import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

it("finds a store that does not check leases within a minute", { timeout: 60_000 }, () => {
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const run = spawnSync(process.execPath, [...process.execArgv, main, "--mutant", "--seconds", "6"], {
    encoding: "utf8",
  });
  expect(run.stdout + run.stderr).toMatch(/ {2}I3 .*: attempt \d+ wrote version \d+ of attempt \d+/);
  expect(run.status).toBe(1);
  const folder = /kept in (.*)\.$/m.exec(run.stderr)?.[1];
  if (folder) rmSync(folder, { recursive: true, force: true });
});
