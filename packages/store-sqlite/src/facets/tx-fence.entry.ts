import type { TxFence } from "@millrace/models";
import { createSqliteTaskStore } from "../create-sqlite-task-store.ts";
import type { BetterSqlite3Database } from "../driver/better-sqlite3-driver.ts";

/** What a handler's side needs to find the tables. Plain data. */
export interface SqliteTxFenceOptions {
  /** Named in errors: it works over the caller's connection only. */
  readonly path: string;
  readonly tablePrefix: string;
}

/** Settles inside the caller's own better-sqlite3 transaction. */
export function openTxFence(options: SqliteTxFenceOptions): TxFence {
  // Its own connection is never opened.
  const store = createSqliteTaskStore({ ...options, migrate: false });
  return {
    async settle(tx, settlement) {
      const [answer] = await store.within(tx as BetterSqlite3Database).settle([settlement]);
      return answer ?? { status: "lost", why: "not-found" };
    },
  };
}
