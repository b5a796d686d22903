import { Client } from "pg";
import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** The server that the tests of this run share. */
    postgresUrl: string;
  }
}

let made = 0;

/** A schema that nobody else uses; it is dropped in the end. */
export interface PostgresSchema extends AsyncDisposable {
  readonly connectionString: string;
  readonly schema: string;
  readonly client: Client;
}

/** Opens one on the tests' server. */
export async function openPostgresSchema(): Promise<PostgresSchema> {
  made += 1;
  const schema = `millrace_${process.pid}_${made}_${Date.now().toString(36)}`;
  const connectionString = inject("postgresUrl");
  const client = new Client({ connectionString });
  await client.connect();
  return {
    connectionString,
    schema,
    client,
    async [Symbol.asyncDispose]() {
      await client.query(`drop schema if exists "${schema}" cascade`);
      await client.end();
    },
  };
}
