import type { StorageReport } from "@millrace/models";
import { deepFrozen } from "@millrace/store-sql";
import type { Connection, Sql } from "../connection/connection.ts";
import { schemaVersion } from "../schema/migrate.ts";

const selectStorage: Sql = (n) => `
select sqlite_version(), (select value from ${n.meta} where name = 'schema_version'),
  (select page_count from pragma_page_count) * (select page_size from pragma_page_size)`;

/** Says of which SQLite and how large the file is. */
export function readStorage(connection: Connection): StorageReport {
  const [version, found, size] = connection.use(selectStorage).get() ?? [];
  return deepFrozen({
    type: "sqlite",
    version: String(version),
    schemaVersion: Number(found),
    schemaNeeded: schemaVersion,
    sizeBytes: Number(size),
  });
}
