import { Client } from "pg";
import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** The server that the tests of this run share. */
    postgresUrl: string;
  }
}

/** A database that nobody else uses; it is dropped in the end. */
export interface PostgresDatabase extends AsyncDisposable {
  readonly url: string;
}

/** Makes one on the tests' server, because the demo's schema has but one name. */
export async function openDatabase(): Promise<PostgresDatabase> {
  const name = `millrace_demo_${process.pid}_${Date.now().toString(36)}`;
  const server = inject("postgresUrl");
  const admin = new Client({ connectionString: server });
  await admin.connect();
  await admin.query(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    async [Symbol.asyncDispose]() {
      await admin.query(`drop database ${name} with (force)`);
      await admin.end();
    },
  };
}
