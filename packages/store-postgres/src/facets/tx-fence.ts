import type { TxFenceFacet } from "@millrace/models";
import type { ResolvedPostgresOptions } from "../postgres-store-options.ts";
import type { PostgresTxFenceOptions } from "./tx-fence.entry.ts";

/** How a handler elsewhere settles in its own transaction. It is told the names of the tables, and no password. */
export function txFenceOf({ schema, prefix }: ResolvedPostgresOptions): TxFenceFacet {
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const options: PostgresTxFenceOptions = { schema, tablePrefix: prefix };
  return { module: new URL(`./tx-fence.entry${extension}`, import.meta.url).href, options };
}
