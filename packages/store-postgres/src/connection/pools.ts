import { TaskError } from "@millrace/models";
import { Client, type ClientConfig, Pool, type PoolClient } from "pg";
import type { ResolvedPostgresOptions } from "../postgres-store-options.ts";
import { Statements } from "./session.ts";

// Plans must not change with the statistics of tables that are empty at one moment and full at the next: every statement of
// the engine goes along an index, one row after the other. Exported for the tests that look at plans.
export const engineSettings: readonly string[] = [
  "enable_seqscan=off",
  "enable_hashjoin=off",
  "enable_mergejoin=off",
  "enable_material=off",
  "enable_bitmapscan=off",
  "plan_cache_mode=force_generic_plan",
  "jit=off",
  "idle_in_transaction_session_timeout=60000",
];

/** What a connection of ours is given besides where to go. */
function configOf(options: ResolvedPostgresOptions, settings: readonly string[]): ClientConfig {
  return {
    connectionString: options.connectionString,
    application_name: "millrace",
    connectionTimeoutMillis: options.connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    // A pooler hands a connection on with what was set on it, and refuses to be told at the start.
    ...(options.isPooled ? {} : { options: settings.map((setting) => `-c ${setting}`).join(" ") }),
  };
}

/** The connections of a store, and what was prepared on them. */
export interface Connections {
  readonly writers: Pool;
  readonly readers: Pool;
  readonly statements: Statements;
}

/** Makes the connections of a store; none is opened before it is needed. */
export function createConnections(options: ResolvedPostgresOptions): Connections {
  const statements = new Statements(options.names, !options.isPooled);
  return { writers: enginePool(options), readers: readPool(options), statements };
}

/** Ends the connections once what is under way on them is done. */
export async function endConnections({ writers, readers }: Connections): Promise<void> {
  await Promise.all([writers.end(), readers.end()]);
}

/** The same settings for one transaction, where a pooler stands between. */
export function localSettings(lockTimeoutMs: number): string {
  const settings = [...engineSettings, `lock_timeout=${lockTimeoutMs}`].map((setting) => setting.split("="));
  return `select ${settings.map(([name, value]) => `set_config('${name ?? ""}', '${value ?? ""}', true)`).join(", ")}`;
}

/** The connections that write. They send statements without waiting for the answers to those before. */
function enginePool(options: ResolvedPostgresOptions): Pool {
  const settings = [
    ...engineSettings,
    `lock_timeout=${options.lockTimeoutMs}`,
    ...(options.relaxedDurability ? ["synchronous_commit=off"] : []),
  ];
  const config = {
    ...configOf(options, settings),
    query_timeout: options.queryTimeoutMs,
    max: options.connections,
    pipeline: true,
  };
  return quiet(new Pool(config));
}

/** The few connections over which people read; each statement has its time. */
function readPool(options: ResolvedPostgresOptions): Pool {
  const settings = [`statement_timeout=${options.readTimeoutMs}`, "default_transaction_read_only=on", "jit=off"];
  return quiet(new Pool({ ...configOf(options, settings), query_timeout: options.readTimeoutMs + 1_000, max: 2 }));
}

/** A connection that listens, and nothing else. */
export function listenClient(options: ResolvedPostgresOptions): Client {
  return new Client({ ...configOf(options, []), connectionString: options.listenConnectionString });
}

// A connection that the server ends says so; unheard, that would end the process. While it is idle the pool hears it, and whoever
// has it on loan, but not from the one to the other. The next use opens another.
function quiet(pool: Pool): Pool {
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

/** Lends a connection for as long as `work` takes; one that failed in a way that leaves it unsure is thrown away. */
export async function withClient<Answer>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Answer>,
  isSpoilt: (error: unknown) => boolean,
): Promise<Answer> {
  if (pool.ended || pool.ending) throw closedError();
  const client = await pool.connect();
  let spoilt: unknown = null;
  const onError = (error: unknown): void => {
    spoilt = error;
  };
  client.on("error", onError);
  try {
    return await work(client);
  } catch (error) {
    if (isSpoilt(error)) spoilt = error;
    throw error;
  } finally {
    client.off("error", onError);
    client.release(spoilt !== null);
  }
}

/** What every call on a closed store gets. */
export function closedError(): TaskError {
  return new TaskError("STORE_CLOSED", "This Postgres store has been closed.");
}
