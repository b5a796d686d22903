import Database from "better-sqlite3";
import { Client } from "pg";
import type { DatabaseAddress } from "../database/database-address.ts";

/** The mutant: the same store, whose occurrences are no longer unique. */
export async function dropUniqueRow(address: DatabaseAddress): Promise<void> {
  if (address.driver === "sqlite") {
    const database = new Database(address.path);
    database.exec(`
      create table mutant as select * from millrace_occurrence;
      drop table millrace_occurrence;
      alter table mutant rename to millrace_occurrence;
      create index millrace_occurrence_odd on millrace_occurrence (scheduled_for, tenant_id, schedule_id) where outcome <> 0;
      create index millrace_occurrence_odd_of_tenant on millrace_occurrence (tenant_id, scheduled_for, schedule_id) where outcome <> 0;
      create index millrace_occurrence_mutant on millrace_occurrence (tenant_id, schedule_id, scheduled_for);`);
    database.close();
    return;
  }
  const client = new Client({ connectionString: address.connectionString });
  await client.connect();
  const table = `"${address.schema}".millrace_occurrence`;
  await client.query(`alter table ${table} drop constraint millrace_occurrence_pkey`);
  await client.query(`create index on ${table} (tenant_id, schedule_id, scheduled_for)`);
  await client.end();
}
