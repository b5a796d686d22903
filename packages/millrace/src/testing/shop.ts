import type { TaskContext } from "@millrace/models";
import Database from "better-sqlite3";
import { Client } from "pg";

/** What the handlers do after they have written: end well, or otherwise. */
export interface Sale {
  readonly item: string;
  readonly end: "commit" | "rollback" | "exit";
  /** A SQLite file, or the address of a Postgres server. */
  readonly where: string;
  /** Of the shop's table, on Postgres. */
  readonly schema?: string;
}

/** Sells in a transaction on SQLite, which completes the task too. */
export async function sellOnSqlite({ item, end, where }: Sale, context: TaskContext): Promise<void> {
  const database = new Database(where);
  database.exec("begin immediate");
  database.prepare("insert into sold (item) values (?)").run(item);
  await context.completeInTx(database, { sold: item, pid: process.pid });
  if (end === "exit") process.exit(9);
  database.exec(end);
  database.close();
}

/** The same on Postgres. */
export async function sellOnPostgres({ item, end, where, schema }: Sale, context: TaskContext): Promise<void> {
  const client = new Client({ connectionString: where });
  await client.connect();
  await client.query("begin");
  await client.query(`insert into "${schema}".sold (item) values ($1)`, [item]);
  await context.completeInTx(client, { sold: item, pid: process.pid });
  if (end === "exit") process.exit(9);
  await client.query(end);
  await client.end();
}
