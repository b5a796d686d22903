import type { Clock, EpochMs, Random, TaskId } from "@millrace/models";
import { FollowBudget, JournalBuffer } from "@millrace/store-sql";
import type { Row, Session, Sql } from "../connection/session.ts";
import { isAborted } from "../connection/store-error.ts";
import type { StoredTask } from "../row/task-row.ts";
import { flushJournal } from "./flush-journal.ts";
import type { KeyState } from "./key-rows.ts";

const savepoint: Sql = () => "savepoint millrace_item";
const release: Sql = () => "release savepoint millrace_item";
const rollbackTo: Sql = () => "rollback to savepoint millrace_item";

/** What every transaction of a store is given. */
export interface TransactionParts {
  readonly session: Session;
  /** Tests only: the clock that stands for the database's. */
  readonly clock: Clock | null;
  readonly random: Random;
  /** Kinds known to be in the table, which they never leave; shared by all transactions of a store. */
  readonly knownKinds: Set<string>;
}

/**
 * A running transaction that goes the long way: what it has locked, what it has told, and writes that are on their way. A
 * write is sent at once and its answer awaited only at the end; the session keeps the order, so a later read sees it.
 */
export class StoreTransaction {
  readonly session: Session;
  readonly clock: Clock | null;
  readonly random: Random;
  readonly knownKinds: Set<string>;
  readonly journal: JournalBuffer = new JournalBuffer();
  /** Tasks that this transaction has locked, as they stand; null = there is none of that id. */
  readonly held: Map<TaskId, StoredTask | null> = new Map();
  /** Concurrency keys whose rows this transaction has locked. */
  readonly keys: Map<string, KeyState> = new Map();
  /** Dedupe keys that this transaction has locked, by tenant, kind and key, and the task that has each. */
  readonly dedupe: Map<string, TaskId> = new Map();
  /** The open tasks of supersede keys that this transaction has locked, by tenant, kind and key. */
  readonly superseding: Map<string, readonly TaskId[]> = new Map();
  /** Limits of concurrency keys as an enqueue has seen or made them; null = it has none yet. */
  readonly limits: Map<string, number | null> = new Map();
  /** Tasks put among the ready in this very transaction, by tenant, key and kind: those behind them may be parked. */
  readonly knocks: Map<string, number> = new Map();
  /** Tasks that became final in the running item and whose effects on others are still to come. */
  readonly ended: TaskId[] = [];
  /** What of the tasks that this transaction ends on account of others it also follows. */
  readonly budget: FollowBudget = new FollowBudget();
  /** Tasks that went in the running item, with their last version. */
  readonly removed: Map<TaskId, number> = new Map();
  /** When the first of the tasks was scheduled that this transaction has let in among the ready. */
  readyFrom: EpochMs = Number.POSITIVE_INFINITY;
  readonly #writes: Promise<unknown>[] = [];
  #failure: { readonly error: unknown } | null = null;
  #now: EpochMs = 0;

  constructor(parts: TransactionParts) {
    this.session = parts.session;
    this.clock = parts.clock;
    this.random = parts.random;
    this.knownKinds = parts.knownKinds;
  }

  /** The moment at which everything happens: the store's clock after the last lock was taken. */
  get now(): EpochMs {
    return this.clock === null ? this.#now : this.clock.now();
  }

  /** The database's clock, as a statement has read it after its locks. */
  tick(now: unknown): void {
    this.#now = Math.max(this.#now, Number(now));
  }

  /** Runs a statement and waits for its answer. */
  async query(sql: Sql, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return this.#awaited(this.session.run(sql, values));
  }

  /** Runs a statement whose text is made for the moment. */
  async statement(text: string): Promise<readonly Row[]> {
    return this.#awaited(this.session.text(text));
  }

  /** Sends a statement whose answer is of no interest. */
  write(sql: Sql, values: readonly unknown[] = []): void {
    const sent = this.session.run(sql, values).catch((error: unknown) => {
      if (this.#failure === null && !isAborted(error)) this.#failure = { error };
      return null;
    });
    this.#writes.push(sent);
  }

  /** Waits for all that was sent. @throws what the first failed one threw */
  async written(): Promise<void> {
    await Promise.all(this.#writes.splice(0));
    if (this.#failure !== null) throw this.#failure.error;
  }

  /**
   * Runs an item whole or not at all, with a way to refuse it after something of it has been written. Refusals come back as
   * the answer; anything else is thrown on.
   */
  async atomically<Answer>(work: (refuse: (answer: Answer) => never) => Promise<Answer>): Promise<Answer> {
    const held = new Map(this.held);
    const keys = new Map(this.keys);
    const knocks = new Map(this.knocks);
    const limits = new Map(this.limits);
    const dedupe = new Map(this.dedupe);
    const superseding = new Map(this.superseding);
    const journal = this.journal.mark();
    let refusal: { readonly answer: Answer } | null = null;
    this.write(savepoint);
    try {
      const answer = await work((refused) => {
        refusal = { answer: refused };
        throw new RollBack();
      });
      this.write(release);
      return answer;
    } catch (error) {
      if (!(error instanceof RollBack) || refusal === null) throw error;
      this.write(rollbackTo);
      this.write(release);
      replace(this.held, held);
      replace(this.keys, keys);
      replace(this.knocks, knocks);
      replace(this.limits, limits);
      replace(this.dedupe, dedupe);
      replace(this.superseding, superseding);
      this.journal.backTo(journal);
      this.ended.length = 0;
      return (refusal as { readonly answer: Answer }).answer;
    }
  }

  /** Runs an item that refuses, if at all, before it has written anything: it needs no way back. */
  async refusable<Answer>(work: (refuse: (answer: Answer) => never) => Promise<Answer>): Promise<Answer> {
    let refusal: { readonly answer: Answer } | null = null;
    try {
      return await work((refused) => {
        refusal = { answer: refused };
        throw new RollBack();
      });
    } catch (error) {
      if (error instanceof RollBack && refusal !== null) return (refusal as { readonly answer: Answer }).answer;
      throw error;
    }
  }

  /** Writes what was kept for the end. Whether anything was told at all. */
  flush(): boolean {
    // A short statement tells of the tasks it lets in by itself.
    const happened = !this.journal.isEmpty || Number.isFinite(this.readyFrom);
    flushJournal(this);
    return happened;
  }

  async #awaited(sent: Promise<readonly Row[]>): Promise<readonly Row[]> {
    try {
      return await sent;
    } catch (error) {
      // Statements behind the first that failed only say that the transaction is no more.
      if (this.#failure === null && !isAborted(error)) this.#failure = { error };
      await Promise.all(this.#writes.splice(0));
      throw this.#failure === null ? error : this.#failure.error;
    }
  }
}

function replace<Key, Value>(map: Map<Key, Value>, by: ReadonlyMap<Key, Value>): void {
  map.clear();
  for (const [key, value] of by) map.set(key, value);
}

class RollBack extends Error {}
