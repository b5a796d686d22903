import type { TaskStore } from "@millrace/models";
import { createPostgresTaskStore } from "@millrace/store-postgres";
import { Client } from "pg";
import { claimAndSettle, fill, noop } from "./millrace-parts.ts";

/** How many tasks a call of the store takes. */
export const batch = 200;

/** A store on an empty database, and a connection of its own to look at it. */
export interface PostgresPlace extends AsyncDisposable {
  readonly store: TaskStore;
  readonly client: Client;
}

/** Opens the store; the server notes from here on how long its statements take. */
export async function openPlace(postgresUrl: string): Promise<PostgresPlace> {
  const client = new Client({ connectionString: postgresUrl });
  await client.connect();
  await client.query("create extension pg_stat_statements");
  await client.query(`alter database "${new URL(postgresUrl).pathname.slice(1)}" set pg_stat_statements.track = 'top'`);
  const store = createPostgresTaskStore({ connectionString: postgresUrl });
  return {
    store,
    client,
    async [Symbol.asyncDispose]() {
      await store.close();
      await client.end();
    },
  };
}

/** Sends so many tasks through the store, 10,000 at a time. */
export async function finish({ store }: PostgresPlace, count: number): Promise<void> {
  for (let made = 0; made < count; made += 10_000) {
    await fill(store, Math.min(10_000, count - made));
    while ((await claimAndSettle(store, 500)) > 0);
  }
}

/** How long a claim of exactly so many takes, in ms; they are settled outside the time. */
export async function timedClaim({ store }: PostgresPlace, limit: number, kind: string = noop.kind): Promise<number> {
  const kinds = [{ kind, slots: limit }];
  const begun = performance.now();
  const { tasks } = await store.claim({ hostId: "bench", kinds, limit, leaseMs: 30_000, suspects: "include" });
  const took = performance.now() - begun;
  if (tasks.length !== limit) throw new Error(`A claim of ${limit} brought ${tasks.length}.`);
  await store.settle(
    tasks.map(({ task: { id, attempt, leaseToken } }) => ({
      taskId: id,
      attempt,
      leaseToken: leaseToken ?? "",
      started: true,
      settlement: { type: "succeed", output: "null" } as const,
    })),
  );
  return took;
}

/** The longest that any statement on the tables took since this was last asked, in ms, as the server saw it. */
export async function slowestStatementMs(client: Client): Promise<number> {
  const { rows } = await client.query<{ readonly ms: number | null }>(
    `select max(max_exec_time) as ms from pg_stat_statements
     where query like '%millrace_%' and dbid = (select oid from pg_database where datname = current_database())`,
  );
  await client.query("select pg_stat_statements_reset()");
  return rows[0]?.ms ?? 0;
}

/** How long the claims since this or its sibling was last asked took in the mean, in ms, as the server saw it: without the commit. */
export async function claimStatementMs(client: Client): Promise<number> {
  const { rows } = await client.query<{ readonly ms: number | null }>(
    `select sum(total_exec_time) / sum(calls) as ms from pg_stat_statements
     where query like '%millrace_queue%for update skip locked%' and dbid = (select oid from pg_database where datname = current_database())`,
  );
  await client.query("select pg_stat_statements_reset()");
  return rows[0]?.ms ?? 0;
}

/** How far the server has written, in bytes. */
export async function walBytes(client: Client): Promise<number> {
  return numberOf(client, "select pg_current_wal_insert_lsn() - '0/0'::pg_lsn as n");
}

/** Rows that were left for vacuum, ever. */
export async function deadRows(client: Client): Promise<number> {
  await client.query("select pg_stat_clear_snapshot()");
  return numberOf(
    client,
    "select sum(n_tup_del + n_tup_upd) as n from pg_stat_user_tables where relname like 'millrace_%'",
  );
}

async function numberOf(client: Client, sql: string): Promise<number> {
  const { rows } = await client.query<{ readonly n: string }>(sql);
  return Number(rows[0]?.n ?? 0);
}
