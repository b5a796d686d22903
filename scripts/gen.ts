// `pnpm gen` writes every generated file; `pnpm gen:check` fails when one of them is not what it would write.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { embedMigrations } from "./embed-migrations.ts";
import { adrIndex } from "./gen/adr-index.ts";
import { coverageTables } from "./gen/coverage-tables.ts";
import { errorReference } from "./gen/error-reference.ts";
import { eventReference } from "./gen/event-reference.ts";
import type { GeneratedFile } from "./gen/generated-file.ts";
import { guideCode } from "./gen/guide-code.ts";
import { interfaceReference } from "./gen/interface-reference.ts";
import { stateReference } from "./gen/state-reference.ts";
import { readText, ROOT } from "./workspace/read-workspace.ts";

const files: readonly GeneratedFile[] = [
  ...embedMigrations(),
  ...coverageTables(),
  ...(await errorReference()),
  ...(await stateReference()),
  ...(await eventReference()),
  ...interfaceReference(),
  ...adrIndex(),
  ...guideCode(),
];
const stale = files.filter(({ path, text }) => !existsSync(`${ROOT}/${path}`) || readText(path) !== text);

if (process.argv.includes("--check")) {
  for (const { path } of stale) console.error(`${path} is out of date: run \`pnpm gen\` and commit it`);
  if (stale.length > 0) process.exitCode = 1;
  else console.log(`${files.length} generated files are up to date`);
} else {
  for (const { path, text } of stale) {
    mkdirSync(dirname(`${ROOT}/${path}`), { recursive: true });
    writeFileSync(`${ROOT}/${path}`, text);
    console.log(`wrote ${path}`);
  }
}
