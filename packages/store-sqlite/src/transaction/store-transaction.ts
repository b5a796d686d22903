import type { EpochMs, Random, TaskId } from "@millrace/models";
import { FollowBudget, JournalBuffer } from "@millrace/store-sql";
import type { Connection, Sql } from "../connection/connection.ts";
import type { SqliteStatement } from "../driver/sqlite-database.ts";
import { CountBuffer } from "./count-buffer.ts";
import { flushJournal } from "./flush-journal.ts";
import type { LeaseCache } from "./lease-cache.ts";

const savepoint: Sql = () => "savepoint millrace_item";
const release: Sql = () => "release millrace_item";
const rollbackTo: Sql = () => "rollback to millrace_item";

/** What every transaction of a store is given. */
export interface TransactionParts {
  readonly connection: Connection;
  readonly now: EpochMs;
  readonly random: Random;
  readonly leases: LeaseCache;
  readonly mayGuess: boolean;
}

/**
 * A running write transaction: the database, the one moment at which everything in it happens, and what is written
 * once at its end (journal and counts). Nothing in it is asynchronous.
 */
export class StoreTransaction {
  readonly connection: Connection;
  readonly now: EpochMs;
  readonly random: Random;
  readonly leases: LeaseCache;
  /** Whether what is remembered of many leases may be trusted until a statement finds otherwise, and throws `WrongGuess`. */
  readonly mayGuess: boolean;
  readonly journal: JournalBuffer = new JournalBuffer();
  readonly counts: CountBuffer = new CountBuffer();
  /** Tasks that became final in the running item and whose effects on others are still to come. */
  readonly ended: TaskId[] = [];
  /** What of the tasks that this transaction ends on account of others it also follows. */
  readonly budget: FollowBudget = new FollowBudget();
  /** Tasks that went in the running item, with their last version. */
  readonly removed: Map<TaskId, number> = new Map();
  /** Kinds known to be in the table. */
  readonly knownKinds: Set<string> = new Set();

  constructor(parts: TransactionParts) {
    this.connection = parts.connection;
    this.now = parts.now;
    this.random = parts.random;
    this.leases = parts.leases;
    this.mayGuess = parts.mayGuess;
  }

  use(sql: Sql): SqliteStatement {
    return this.connection.use(sql);
  }

  /**
   * Runs an item whole or not at all, with a way to refuse it after something of it has been written. Refusals come back as
   * the answer; anything else is thrown on.
   */
  atomically<Answer>(work: (refuse: (answer: Answer) => never) => Answer): Answer {
    const journal = this.journal.mark();
    const counts = this.counts.mark();
    return this.refusable((refuse) => {
      this.use(savepoint).run();
      try {
        const answer = work(refuse);
        this.use(release).run();
        return answer;
      } catch (error) {
        this.use(rollbackTo).run();
        this.use(release).run();
        this.journal.backTo(journal);
        this.counts.backTo(counts);
        this.ended.length = 0;
        throw error;
      }
    });
  }

  /** Runs an item that refuses, if at all, before it has written anything: it needs no way back. */
  refusable<Answer>(work: (refuse: (answer: Answer) => never) => Answer): Answer {
    let refusal: { readonly answer: Answer } | null = null;
    try {
      return work((refused) => {
        refusal = { answer: refused };
        throw new RollBack();
      });
    } catch (error) {
      if (error instanceof RollBack && refusal !== null) return (refusal as { readonly answer: Answer }).answer;
      throw error;
    }
  }

  /** Writes what was kept for the end. Answers how many events that tells. */
  flush(): number {
    this.counts.flush(this.connection);
    return flushJournal(this.journal, this.connection);
  }
}

class RollBack extends Error {}

/** What was remembered of some of many leases is not so. The transaction is taken back, and runs again without guesses. */
export class WrongGuess extends Error {}
