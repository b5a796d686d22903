// Turns packages/store-*/migrations/*.sql into a TypeScript module, so that the built package carries its migrations
// without reading files at run time (bundlers and single-file executables would lose them).
import { existsSync, globSync } from "node:fs";
import { basename } from "node:path";
import type { GeneratedFile } from "./gen/generated-file.ts";
import { readText, ROOT } from "./workspace/read-workspace.ts";

const FILE_NAME = /^(\d{4})_([a-z0-9_]+)\.sql$/;

/** One `src/schema/migrations.generated.ts` for each store that has a folder `migrations`. */
export function embedMigrations(): readonly GeneratedFile[] {
  return globSync("packages/store-*", { cwd: ROOT })
    .map((folder) => folder.replaceAll("\\", "/"))
    .filter((folder) => existsSync(`${ROOT}/${folder}/migrations`))
    .toSorted()
    .map((folder) => ({
      path: `${folder}/src/schema/migrations.generated.ts`,
      text: migrationModule(
        globSync(`${folder}/migrations/*.sql`, { cwd: ROOT })
          .toSorted()
          .map((path) => ({ fileName: basename(path), sql: readText(path) })),
      ),
    }));
}

/**
 * The text of the module. Migrations are numbered from 1 without a gap.
 * @throws when a file is named otherwise or a number is missing or double.
 */
export function migrationModule(files: readonly { readonly fileName: string; readonly sql: string }[]): string {
  const entries = files.map(({ fileName, sql }, index) => {
    const [, number, name] = FILE_NAME.exec(fileName) ?? [];
    if (number === undefined || name === undefined)
      throw new Error(`migration ${fileName}: call it like 0001_create_tasks.sql`);
    if (Number(number) !== index + 1)
      throw new Error(`migration ${fileName}: its number must be ${String(index + 1).padStart(4, "0")}`);
    return `  {\n    version: ${index + 1},\n    name: ${JSON.stringify(name)},\n    sql: ${templateLiteral(sql)},\n  },`;
  });
  return [
    "// Generated from migrations/*.sql by `pnpm gen`. Do not edit.",
    "",
    "/** Every migration of this store, oldest first. */",
    "export const migrations: readonly { readonly version: number; readonly name: string; readonly sql: string }[] = [",
    ...entries,
    "];",
    "",
  ].join("\n");
}

function templateLiteral(text: string): string {
  return `\`${text.replaceAll("\\", "\\\\").replaceAll("`", "\\`").replaceAll("${", "\\${")}\``;
}
