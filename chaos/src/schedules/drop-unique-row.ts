import Database from "better-sqlite3";
import { Client } from "pg";
import type { DatabaseAddress } from "../database/database-address.ts";

/** The mutant: the same store, whose occurrences are no longer unique. */
export async function dropUniqueRow(address: DatabaseAddress): Promise<void> {
  if (address.driver === "sqlite") {
    const database = new Database(address.path);
    // Its indexes are made again as they were: statements name them.
    const indexes = database
      .prepare(
        "select sql from sqlite_master where tbl_name = 'millrace_occurrence' and type = 'index' and sql is not null",
      )
      .pluck()
      .all();
    database.exec(`
      create table mutant as select * from millrace_occurrence;
      drop table millrace_occurrence;
      alter table mutant rename to millrace_occurrence;
      create index millrace_occurrence_mutant on millrace_occurrence (tenant_id, schedule_id, scheduled_for);
      ${indexes.join(";")}`);
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
