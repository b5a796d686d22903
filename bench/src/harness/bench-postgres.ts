import { startTestServer } from "@millrace/store-postgres/testing/test-server";
import { Client } from "pg";

/** The settings that the figures were measured with; the rest is what Postgres comes with. */
const postgresSettings: readonly string[] = [
  "fsync=on",
  "synchronous_commit=on",
  "full_page_writes=on",
  "shared_buffers=1GB",
  "max_wal_size=8GB",
  // No checkpoint falls into a measurement: each begins after one.
  "checkpoint_timeout=15min",
  "max_connections=200",
  // Asleep, but where a suite asks how long single statements took.
  "shared_preload_libraries=pg_stat_statements",
  "pg_stat_statements.track=none",
];

/** The Postgres of a run: the one of npm, its data under the folder that is measured. */
export interface BenchPostgres {
  /** An empty database, with nothing left to be written; answers its address. */
  readonly createDatabase: () => Promise<string>;
  /** Removes every database made, whoever is still connected. */
  readonly dropDatabases: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts it. */
export async function startPostgres(under: string): Promise<BenchPostgres> {
  const server = await startTestServer({ isDurable: true, settings: postgresSettings, under });
  const client = new Client({ connectionString: server.url });
  await client.connect();
  let made = 0;
  let dropped = 0;
  return {
    createDatabase: async () => {
      made += 1;
      await client.query(`create database bench_${made}`);
      await client.query("checkpoint");
      return Object.assign(new URL(server.url), { pathname: `/bench_${made}` }).href;
    },
    dropDatabases: async () => {
      while (dropped < made) await client.query(`drop database bench_${(dropped += 1)} with (force)`);
    },
    stop: async () => {
      await client.end();
      await server.stop();
    },
  };
}
