import { type EpochMs, isTaskError, systemRandom } from "@millrace/models";
import { writeWithin } from "../caller/write-within.ts";
import type { ResolvedPostgresOptions } from "../postgres-store-options.ts";
import { checkSchema, migrate } from "../schema/migrate.ts";
import { ReadyBounds } from "../transaction/ready-bounds.ts";
import { StoreTransaction } from "../transaction/store-transaction.ts";
import { closedError } from "./closed-error.ts";
import { type Connections, endConnections, localReadSettings, localSettings } from "./pools.ts";
import type { Session, Sql, Statements } from "./session.ts";
import { checkServer } from "./check-server.ts";
import { isConnectionLost, isWorthRepeating, storeError } from "./store-error.ts";

const begin: Sql = () => "begin";
const commit: Sql = () => "commit";
const rollback: Sql = () => "rollback";
const beginReading: Sql = () => "begin isolation level repeatable read read only";

const mostAttempts = 6;

/** What an engine works with. */
export interface EngineParts {
  readonly connections: Connections;
  /** Something was told; `isSaid`: other processes have been given the word of it already. */
  readonly onTold: (isSaid: boolean) => void;
  /** Gives other processes the word, behind a statement that is on its way. Whether it did. @defaultValue never */
  readonly sayBehind?: (session: Session) => boolean;
  /** A transaction was committed that left something to be followed. @defaultValue the sweeps find it */
  readonly onLater?: () => void;
  /** What closing does to the connections. @defaultValue they end */
  readonly end?: (connections: Connections) => Promise<void>;
}

/** Runs statements and transactions over the store's own connections, and makes the schema before the first. */
export class Engine {
  readonly options: ResolvedPostgresOptions;
  readonly knownKinds: Set<string> = new Set();
  readonly readyBounds: ReadyBounds = new ReadyBounds();
  readonly #connections: Connections;
  readonly #onTold: (isSaid: boolean) => void;
  readonly #sayBehind: (session: Session) => boolean;
  readonly #onLater: () => void;
  readonly #end: (connections: Connections) => Promise<void>;
  readonly #where: string;
  #opening: Promise<void> | null = null;
  #isReady = false;
  #isClosed = false;

  constructor(options: ResolvedPostgresOptions, parts: EngineParts) {
    const { connections, onTold, sayBehind = () => false, onLater = () => {}, end = endConnections } = parts;
    this.options = options;
    this.#connections = connections;
    this.#onTold = onTold;
    this.#sayBehind = sayBehind;
    this.#onLater = onLater;
    this.#end = end;
    this.#where = placeOf(options.connectionString);
  }

  /** What stands for the database's clock in a statement: null, but in tests. */
  get now(): EpochMs | null {
    return this.options.clock?.now() ?? null;
  }

  /**
   * Runs one statement, or a few that need no transaction. Those who watch are told when it did something; `sayBehind` tells
   * those in other processes as soon as what `work` has sent last is done.
   */
  async statement<Answer>(
    work: (session: Session, sayBehind: () => void) => Promise<Answer>,
    didSomething: (answer: Answer) => boolean,
  ): Promise<Answer> {
    let isSaid = false;
    const answer = await this.quietly((session) =>
      work(session, () => {
        // Once the statement itself has left.
        queueMicrotask(() => {
          isSaid = this.#sayBehind(session);
        });
      }),
    );
    if (didSomething(answer)) this.#onTold(isSaid);
    return answer;
  }

  /** As `statement`, of something that nobody watches for. */
  quietly<Answer>(work: (session: Session) => Promise<Answer>): Promise<Answer> {
    return this.#guarded(() =>
      this.#connections.writers.lend(
        this.options.isPooled
          ? (session) => inTransaction(session, [session.run(begin), session.text(localSettings(this.options))], work)
          : work,
      ),
    );
  }

  /** Runs `work` in a transaction. It may run again, from its beginning: keep it pure. */
  async transaction<Answer>(work: (tx: StoreTransaction) => Promise<Answer>): Promise<Answer> {
    const { answer, told, hasLater } = await this.#guarded(() =>
      this.#connections.writers.lend((session) => this.#transact(session, work)),
    );
    if (told) this.#onTold(false);
    if (hasLater) this.#onLater();
    return answer;
  }

  /** Runs `work` in the transaction that a caller has begun, whole or not at all. It is never run again. */
  async within<Answer>(session: Session, work: (tx: StoreTransaction) => Promise<Answer>): Promise<Answer> {
    if (this.#isClosed) throw closedError();
    try {
      await this.#prepare();
      const answer = await writeWithin(session, this.#begun(session), work);
      // It is not committed yet; a hint that comes early is followed by the poll.
      this.#onTold(false);
      return answer;
    } catch (error) {
      throw storeError(error, this.#where);
    }
  }

  /** Runs reads that all see the same moment. */
  read<Answer>(work: (session: Session) => Promise<Answer>): Promise<Answer> {
    return this.#guarded(() =>
      this.#connections.readers.lend((session) => {
        const opening = [session.run(beginReading)];
        if (this.options.isPooled) opening.push(session.text(localReadSettings(this.options)));
        return inTransaction(session, opening, work);
      }),
    );
  }

  /** Runs a read that needs no transaction: one statement sees one moment anyway. */
  look<Answer>(work: (session: Session) => Promise<Answer>): Promise<Answer> {
    if (this.options.isPooled) return this.read(work);
    return this.#guarded(() => this.#connections.readers.lend(work));
  }

  /** Ends the connections once what is under way is done. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#opening?.catch(() => null);
    await this.#end(this.#connections);
  }

  /** The statements of this store over another client. */
  get statements(): Statements {
    return this.#connections.statements;
  }

  #begun(session: Session): StoreTransaction {
    const { clock, random } = this.options;
    return new StoreTransaction({ session, clock, random, knownKinds: this.knownKinds });
  }

  async #transact<Answer>(
    session: Session,
    work: (tx: StoreTransaction) => Promise<Answer>,
  ): Promise<{ readonly answer: Answer; readonly told: boolean; readonly hasLater: boolean }> {
    const tx = this.#begun(session);
    tx.write(begin);
    if (this.options.isPooled) await session.text(localSettings(this.options));
    try {
      const answer = await work(tx);
      const told = tx.flush();
      tx.write(commit);
      await tx.written();
      this.readyBounds.admit(tx.readyFrom, tx.now);
      return { answer, told, hasLater: tx.budget.isSpent };
    } catch (error) {
      await rolledBack(session, error);
      throw error;
    }
  }

  async #guarded<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    if (this.#isClosed) throw closedError();
    try {
      // What is there is not waited for: each wait is a turn of its own, and every call comes this way.
      if (!this.#isReady) await this.#prepare();
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await work();
        } catch (error) {
          if (isTaskError(error) || attempt >= mostAttempts || !isWorthRepeating(error)) throw error;
          await new Promise((resolve) => {
            setTimeout(resolve, systemRandom.next() * 5 * attempt);
          });
        }
      }
    } catch (error) {
      throw storeError(error, this.#where);
    }
  }

  /** Makes or checks the schema, once; after a failure the next call tries again. */
  #prepare(): Promise<void> {
    this.#opening ??= this.#openSchema().catch((error: unknown) => {
      this.#opening = null;
      throw error;
    });
    return this.#opening;
  }

  #openSchema(): Promise<void> {
    const { names, schema, prefix, random } = this.options;
    return this.#connections.writers.lend(async (session) => {
      const { relaxedDurability: mayRelax, isPooled } = this.options;
      await checkServer(session, { where: this.#where, mayRelax, isPooled });
      const options = { session, names, schema, prefix, random };
      await (this.options.migrate ? migrate(options) : checkSchema(options));
      this.#isReady = true;
    });
  }
}

/**
 * Runs `work` in a transaction. What opens it has been sent and is not waited for: the first statements of `work` go right behind.
 * Where a pooler hands out connections by the transaction, settings hold for one and are part of that.
 */
async function inTransaction<Answer>(
  session: Session,
  opening: readonly Promise<unknown>[],
  work: (session: Session) => Promise<Answer>,
): Promise<Answer> {
  try {
    const [done, ...opened] = await Promise.allSettled([work(session), ...opening]);
    for (const one of opened) if (one.status === "rejected") throw one.reason;
    if (done.status === "rejected") throw done.reason;
    await session.run(commit);
    return done.value;
  } catch (error) {
    await rolledBack(session, error);
    throw error;
  }
}

/** Ends a transaction that failed; on a connection that does not answer, only the end of the connection does. */
async function rolledBack(session: Session, error: unknown): Promise<void> {
  if (!isConnectionLost(error)) await session.run(rollback).catch(() => null);
}

/** Host and database, without the password. */
function placeOf(connectionString: string): string {
  const { host, pathname } = new URL(connectionString);
  return `Postgres at ${host}${pathname}`;
}
