import type { TxFenceFacet } from "@millrace/models";
import { inMemory } from "../connection/open-connection.ts";
import type { ResolvedSqliteOptions } from "../sqlite-store-options.ts";
import type { SqliteTxFenceOptions } from "./tx-fence.entry.ts";

/** How a handler elsewhere settles in its own transaction; null for a database that only this process sees. */
export function txFenceOf({ path, prefix }: ResolvedSqliteOptions): TxFenceFacet | null {
  if (path === inMemory) return null;
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const options: SqliteTxFenceOptions = { path, tablePrefix: prefix };
  return { module: new URL(`./tx-fence.entry${extension}`, import.meta.url).href, options };
}
