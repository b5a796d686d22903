import { Client, type ClientConfig, Pool } from "pg";
import type { ResolvedPostgresOptions } from "../postgres-store-options.ts";
import { Lender } from "./lender.ts";
import { PatientSocket } from "./patient-socket.ts";
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
];

// A busy machine may need so long between two statements.
const shortestStandstillMs = 5_000;

/** What holds for each transaction of the engine. */
function engineSettingsOf(options: ResolvedPostgresOptions): readonly string[] {
  return [
    ...engineSettings,
    `lock_timeout=${options.lockTimeoutMs}`,
    // The server gives up what nobody waits for any more, and takes the locks from a process that stands still.
    `statement_timeout=${options.queryTimeoutMs}`,
    `idle_in_transaction_session_timeout=${Math.max(shortestStandstillMs, options.lockTimeoutMs)}`,
    ...(options.relaxedDurability ? ["synchronous_commit=off"] : []),
  ];
}

function readSettingsOf(options: ResolvedPostgresOptions): readonly string[] {
  return [`statement_timeout=${options.readTimeoutMs}`, "default_transaction_read_only=on", "jit=off"];
}

/** What a connection of ours is given besides where to go. */
function configOf(options: ResolvedPostgresOptions, settings: readonly string[]): ClientConfig {
  return {
    connectionString: options.connectionString,
    application_name: "millrace",
    connectionTimeoutMillis: options.connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    stream: () => new PatientSocket(),
    // A pooler hands a connection on with what was set on it, and refuses to be told at the start.
    ...(options.isPooled ? {} : { options: settings.map((setting) => `-c ${setting}`).join(" ") }),
  };
}

/** The connections of a store, and what was prepared on them. */
export interface Connections {
  readonly writers: Lender;
  readonly readers: Lender;
  readonly statements: Statements;
}

/** Makes the connections of a store; none is opened before it is needed. */
export function createConnections(options: ResolvedPostgresOptions): Connections {
  const statements = new Statements(options.names, !options.isPooled);
  const lender = (pool: Pool): Lender => new Lender(pool, statements);
  return { writers: lender(enginePool(options)), readers: lender(readPool(options)), statements };
}

/** Ends the connections once what is under way on them is done. */
export async function endConnections({ writers, readers }: Connections): Promise<void> {
  await Promise.all([writers.end(), readers.end()]);
}

/** The same settings for one transaction that writes, where a pooler stands between. */
export function localSettings(options: ResolvedPostgresOptions): string {
  return setLocal(engineSettingsOf(options));
}

/** The same for one that reads. */
export function localReadSettings(options: ResolvedPostgresOptions): string {
  return setLocal(readSettingsOf(options));
}

function setLocal(settings: readonly string[]): string {
  const calls = settings.map((setting) => {
    const [name = "", value = ""] = setting.split("=");
    return `set_config('${name}', '${value}', true)`;
  });
  return `select ${calls.join(", ")}`;
}

/** The connections that write. They send statements without waiting for the answers to those before. */
function enginePool(options: ResolvedPostgresOptions): Pool {
  const config = {
    ...configOf(options, engineSettingsOf(options)),
    query_timeout: options.queryTimeoutMs,
    max: options.connections,
    pipeline: true,
  };
  return quiet(new Pool(config));
}

/** The few connections over which people read; each statement has its time, and does not wait for the answer to the one before. */
function readPool(options: ResolvedPostgresOptions): Pool {
  const config = configOf(options, readSettingsOf(options));
  return quiet(new Pool({ ...config, query_timeout: options.readTimeoutMs + 1_000, max: 2, pipeline: true }));
}

/** A connection that listens, and nothing else. */
export function listenClient(options: ResolvedPostgresOptions): Client {
  const config = { ...configOf(options, []), query_timeout: options.connectTimeoutMs };
  return new Client({ ...config, connectionString: options.listenConnectionString });
}

// A connection that the server ends says so; unheard, that would end the process. While it is idle the pool hears it, and whoever
// has it on loan, but not from the one to the other. The next use opens another.
function quiet(pool: Pool): Pool {
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}
