import { TaskError, type TaskStoreWithin, type TaskStoreWithinSync } from "@millrace/models";
import { Connection } from "./connection/connection.ts";
import { storeError } from "./connection/store-error.ts";
import { type BetterSqlite3Database, isBetterSqlite3, overBetterSqlite3 } from "./driver/better-sqlite3-driver.ts";
import { enqueue } from "./operations/enqueue.ts";
import { settle } from "./operations/settle.ts";
import type { ResolvedSqliteOptions } from "./sqlite-store-options.ts";
import type { GroupWriter } from "./transaction/group-writer.ts";
import type { StoreTransaction } from "./transaction/store-transaction.ts";

/** Enqueue and settle inside the caller's own better-sqlite3 transaction. */
export interface Within {
  readonly within: (tx: BetterSqlite3Database) => TaskStoreWithin;
  readonly withinSync: (tx: BetterSqlite3Database) => TaskStoreWithinSync;
}

/** Makes both twins. Statements are prepared once a database. */
export function createWithin(options: ResolvedSqliteOptions, writer: GroupWriter): Within {
  const connections = new WeakMap<BetterSqlite3Database, Connection>();

  const connectionOf = (database: BetterSqlite3Database): Connection => {
    if (!isBetterSqlite3(database)) {
      throw new TaskError("OPTION_INVALID", "tx must be the better-sqlite3 database that your transaction is on.", {
        details: { path: "tx" },
      });
    }
    if (!database.inTransaction) {
      throw new TaskError("TX_UNSUPPORTED", "The given database is not in a transaction.", {
        fix: "Call it inside `database.transaction(() => …)()`, or between BEGIN and COMMIT.",
      });
    }
    const known = connections.get(database);
    if (known) return known;
    const connection = new Connection(overBetterSqlite3(database), options.names);
    connections.set(database, connection);
    return connection;
  };

  const run = <Answer>(database: BetterSqlite3Database, work: (tx: StoreTransaction) => Answer): Answer => {
    try {
      return writer.within(connectionOf(database), work);
    } catch (error) {
      throw storeError(error, options.path);
    }
  };

  const withinSync = (database: BetterSqlite3Database): TaskStoreWithinSync => ({
    enqueue: (groups) => (groups.length === 0 ? [] : run(database, (tx) => enqueue(tx, groups))),
    settle: (settlements) => (settlements.length === 0 ? [] : run(database, (tx) => settle(tx, settlements))),
  });

  return {
    withinSync,
    within: (database) => {
      const sync = withinSync(database);
      return {
        enqueue: async (groups) => sync.enqueue(groups),
        settle: async (settlements) => sync.settle(settlements),
      };
    },
  };
}
