import type { StorageReport } from "@millrace/models";
import { deepFrozen } from "@millrace/store-sql";
import type { Session, Sql } from "../connection/session.ts";
import { numberOf } from "../row/task-row.ts";
import { schemaVersion } from "../schema/migrate.ts";
import { tablesOf } from "./health.ts";

const selectStorage: Sql = (n) => `
select current_setting('server_version'), (select value::text from ${n.meta} where name::text = 'schema_version'),
  (select sum(pg_total_relation_size(to_regclass(name)))::bigint from unnest($1::text[]) name)`;

/** Says of which server and how large the tables are. */
export async function readStorage(session: Session): Promise<StorageReport> {
  const [[version, found, size] = []] = await session.run(selectStorage, [tablesOf(session)]);
  return deepFrozen({
    type: "postgres",
    version: String(version),
    schemaVersion: numberOf(found),
    schemaNeeded: schemaVersion,
    sizeBytes: numberOf(size),
  });
}
