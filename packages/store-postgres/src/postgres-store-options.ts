import { type Clock, type Random, systemRandom } from "@millrace/models";
import { defaultTablePrefix, flagOption, invalidOption, wholeOption } from "@millrace/store-sql";
import { type TableNames, tableNames } from "./connection/table-names.ts";

/** How a Postgres store is made. */
export interface PostgresTaskStoreOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly connectionString: string;
  /** The schema of the tables; it is made when it is missing. @defaultValue "public" */
  readonly schema?: string;
  /** What the name of each table begins with: lower-case letters, digits, underscores. @defaultValue "millrace_" */
  readonly tablePrefix?: string;
  /** Makes and updates the schema when the store is first used. @defaultValue true */
  readonly migrate?: boolean;
  /** How many connections may write at once. Two more read, and one listens. @defaultValue 4 */
  readonly connections?: number;
  /**
   * `transaction`: a pooler such as pgbouncer stands between and hands out connections by the transaction. Statements are
   * then not prepared by name, and the planner is told in each transaction. @defaultValue none
   */
  readonly pooler?: "transaction";
  /**
   * Where to listen for wake-ups, when `connectionString` leads to a pooler; false = neither listen nor notify, only poll.
   * @defaultValue `connectionString`
   */
  readonly listen?: string | false;
  /**
   * `synchronous_commit=off`: faster, but a crash of the server may take the last transactions with it.
   * @defaultValue false: what was acknowledged stays
   */
  readonly relaxedDurability?: boolean;
  /** How long opening a connection may take. Milliseconds. @defaultValue 10_000 */
  readonly connectTimeoutMs?: number;
  /** How long a statement of the engine may take before its connection is given up. Milliseconds. @defaultValue 30_000 */
  readonly queryTimeoutMs?: number;
  /**
   * How long a write waits for a row that another transaction holds, and how long this process may stand still while it
   * holds one itself, though that is never less than five seconds. Milliseconds. @defaultValue 10_000
   */
  readonly lockTimeoutMs?: number;
  /** How long a list or an aggregate may take. Milliseconds. @defaultValue 10_000 */
  readonly readTimeoutMs?: number;
  /** For tests: a clock that stands for the database's. @defaultValue the database's clock decides */
  readonly clock?: Clock;
  /** Where lease tokens come from. @defaultValue the platform's own chance */
  readonly random?: Random;
}

/** Options with their defaults, checked. */
export interface ResolvedPostgresOptions {
  readonly connectionString: string;
  readonly listenConnectionString: string;
  readonly mayListen: boolean;
  readonly mayNotify: boolean;
  readonly schema: string;
  readonly prefix: string;
  readonly names: TableNames;
  readonly migrate: boolean;
  readonly connections: number;
  readonly isPooled: boolean;
  readonly relaxedDurability: boolean;
  readonly connectTimeoutMs: number;
  readonly queryTimeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly readTimeoutMs: number;
  readonly clock: Clock | null;
  readonly random: Random;
}

/**
 * Checks options and fills in the defaults.
 *
 * @throws `OPTION_INVALID` with `details.path`; `NAME_INVALID` for a schema or prefix that is no identifier.
 */
export function resolvePostgresOptions(options: PostgresTaskStoreOptions): ResolvedPostgresOptions {
  const { connectionString, schema = "public", tablePrefix: prefix = defaultTablePrefix, listen, pooler } = options;
  if (!isAddress(connectionString))
    throw invalidOption("connectionString", "must be like postgres://user@host:5432/database");
  if (listen !== undefined && listen !== false && !isAddress(listen)) {
    throw invalidOption("listen", "must be like postgres://user@host:5432/database, or false");
  }
  if (pooler !== undefined && pooler !== "transaction")
    throw invalidOption("pooler", 'must be "transaction", or left out');
  return {
    connectionString,
    listenConnectionString: typeof listen === "string" ? listen : connectionString,
    // A pooler gives a notification to whoever has the connection at that moment.
    mayListen: typeof listen === "string" || (listen !== false && pooler === undefined),
    mayNotify: listen !== false,
    schema,
    prefix,
    names: tableNames(schema, prefix),
    migrate: flagOption("migrate", options.migrate, true),
    connections: wholeOption("connections", options.connections, { least: 1, usual: 4 }),
    isPooled: pooler === "transaction",
    relaxedDurability: flagOption("relaxedDurability", options.relaxedDurability, false),
    connectTimeoutMs: wholeOption("connectTimeoutMs", options.connectTimeoutMs, { least: 1, usual: 10_000 }),
    queryTimeoutMs: wholeOption("queryTimeoutMs", options.queryTimeoutMs, { least: 100, usual: 30_000 }),
    lockTimeoutMs: wholeOption("lockTimeoutMs", options.lockTimeoutMs, { least: 1, usual: 10_000 }),
    readTimeoutMs: wholeOption("readTimeoutMs", options.readTimeoutMs, { least: 100, usual: 10_000 }),
    clock: options.clock ?? null,
    random: options.random ?? systemRandom,
  };
}

function isAddress(value: unknown): value is string {
  return (
    typeof value === "string" && /^postgres(ql)?:\/\/./.test(value) && !value.includes("\0") && URL.canParse(value)
  );
}
