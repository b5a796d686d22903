// Needs a Postgres: DATABASE_URL says where. `pnpm examples` starts one for the time of the run when it is not given.
import { Client } from "pg";
import { runLibraries } from "./libraries.ts";
import { run } from "./shop.ts";

const connectionString = process.env["DATABASE_URL"];
if (connectionString) {
  await using admin = await connected(connectionString);
  await admin.client.query("drop schema if exists example_tasks cascade");
  await run(connectionString);
  await runLibraries(connectionString);
  await admin.client.query("drop schema example_tasks cascade");
} else console.log("skipped: set DATABASE_URL to postgres://user:password@host:5432/database to run this example");

async function connected(address: string): Promise<AsyncDisposable & { readonly client: Client }> {
  const client = new Client({ connectionString: address });
  await client.connect();
  return { client, [Symbol.asyncDispose]: () => client.end() };
}
