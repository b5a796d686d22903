import { checkName, defaultTablePrefix, withTablePrefix } from "@millrace/store-sql";
import { migrations } from "./migrations.generated.ts";

/**
 * The statements that make the whole schema, for those who review or keep schemas elsewhere. It is what the store itself
 * runs.
 *
 * @throws `NAME_INVALID` when the prefix is no plain identifier.
 */
export function createSqliteTaskStoreSchema(options: { readonly tablePrefix?: string } = {}): string {
  const prefix = checkName("tablePrefix", options.tablePrefix ?? defaultTablePrefix);
  return migrations.map(({ sql }) => withTablePrefix(sql, prefix)).join("\n");
}
