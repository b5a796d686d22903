import { checkName, defaultTablePrefix, withTablePrefix } from "@millrace/store-sql";
import { migrations } from "./migrations.generated.ts";

/**
 * The statements that make the whole schema, for those who review or keep schemas elsewhere. It is what the store itself
 * runs.
 *
 * @throws `NAME_INVALID` when the schema or the prefix is no plain identifier.
 */
export function createPostgresTaskStoreSchema(
  options: { readonly schema?: string; readonly tablePrefix?: string } = {},
): string {
  const schema = checkName("schema", options.schema ?? "public");
  const prefix = checkName("tablePrefix", options.tablePrefix ?? defaultTablePrefix);
  const body = migrations.map(({ sql }) => withTablePrefix(sql, prefix)).join("\n");
  return `create schema if not exists "${schema}";\nset search_path to "${schema}";\n\n${body}\nreset search_path;\n`;
}
