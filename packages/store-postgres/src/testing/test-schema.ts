import { Client } from "pg";
import { inject } from "vitest";
import { tableNames } from "../connection/table-names.ts";

let made = 0;

/** A schema of its own on the tests' server. */
export interface TestSchema {
  readonly connectionString: string;
  readonly schema: string;
  readonly client: Client;
  /** Empties every table, as cheaply as may be. */
  readonly clear: () => Promise<void>;
  readonly drop: () => Promise<void>;
}

/** Opens a schema that nobody else uses; its tables are made by the first store. */
export async function openTestSchema(
  prefix: string = "millrace_",
  connectionString: string = inject("postgresUrl"),
): Promise<TestSchema> {
  made += 1;
  const schema = `t${process.pid}_${made}_${Date.now().toString(36)}`;
  const client = new Client({ connectionString });
  await client.connect();
  const { meta, ...others } = tableNames(schema, prefix);
  return {
    connectionString,
    schema,
    client,
    clear: async () => {
      const rest = Object.values(others).map((name) => `delete from ${name};`);
      await client.query(`${rest.join("")} delete from ${meta} where name not in ('schema_version', 'epoch');
        update ${meta} set value = gen_random_uuid() where name = 'epoch'`);
    },
    drop: async () => {
      await client.query(`drop schema if exists "${schema}" cascade`);
      await client.end();
    },
  };
}
