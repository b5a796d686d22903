import type { Pool, PoolClient } from "pg";
import { closedError } from "./closed-error.ts";
import { PatientSocket } from "./patient-socket.ts";
import { clientSession, type Session, type Statements } from "./session.ts";
import { isSpoilt } from "./store-error.ts";

// Whoever has just had an answer often asks again; after this the pool decides how long it stays open.
const atHandForMs = 1_000;

/** A connection of the pool, and what is known of it. */
interface Holding {
  readonly client: PoolClient;
  readonly session: Session;
  /** Null where the connection is encrypted. */
  readonly socket: PatientSocket | null;
  /** How often the pool had lost a connection when this one was opened. */
  readonly openedAfter: number;
  isLost: boolean;
}

/**
 * Lends the connections of a pool. One that comes back stays at hand for a moment: the way through the pool, with its timers, costs
 * as much as a small statement.
 */
export class Lender {
  readonly pool: Pool;
  readonly #statements: Statements;
  readonly #known = new WeakMap<PoolClient, Holding>();
  #atHand: Holding[] = [];
  #timer: NodeJS.Timeout | null = null;
  #losses = 0;

  constructor(pool: Pool, statements: Statements) {
    this.pool = pool;
    this.#statements = statements;
  }

  /** Lends a connection for as long as `work` takes; one that failed in a way that leaves it unsure is thrown away. */
  async lend<Answer>(work: (session: Session) => Promise<Answer>): Promise<Answer> {
    const holding = this.#nextAtHand() ?? (await this.#nextOfPool());
    try {
      return await sentTogether(holding, work);
    } catch (error) {
      holding.isLost ||= isSpoilt(error);
      throw error;
    } finally {
      this.#takeBack(holding);
    }
  }

  /** Ends the connections once what is under way on them is done. */
  async end(): Promise<void> {
    const ended = this.pool.end();
    this.#letGo();
    await ended;
  }

  #nextAtHand(): Holding | null {
    for (let holding = this.#atHand.pop(); holding; holding = this.#atHand.pop()) {
      if (this.#isTrusted(holding)) return holding;
      this.#dismiss(holding);
    }
    return null;
  }

  async #nextOfPool(): Promise<Holding> {
    for (;;) {
      if (this.pool.ended || this.pool.ending) throw closedError();
      const holding = this.#holdingOf(await this.pool.connect());
      if (this.#isTrusted(holding)) return holding;
      this.#dismiss(holding);
    }
  }

  #holdingOf(client: PoolClient): Holding {
    const known = this.#known.get(client);
    if (known) return known;
    const session = clientSession(client, this.#statements);
    const { stream } = client.connection;
    const socket = stream instanceof PatientSocket ? stream : null;
    const made: Holding = { client, session, socket, openedAfter: this.#losses, isLost: false };
    client.on("error", () => {
      made.isLost = true;
    });
    this.#known.set(client, made);
    return made;
  }

  /**
   * Whether no loss has thrown doubt on it. What ended one connection, a server that went or a network that fell silent, has
   * ended its idle siblings as well, and each of them would take the time of a query to say so.
   */
  #isTrusted({ isLost, openedAfter }: Holding): boolean {
    return !isLost && openedAfter === this.#losses;
  }

  #takeBack(holding: Holding): void {
    if (!this.#isTrusted(holding)) this.#dismiss(holding);
    else if (this.pool.ending || this.pool.waitingCount > 0) holding.client.release();
    else {
      this.#atHand.push(holding);
      this.#timer ??= setTimeout(() => this.#letGo(), atHandForMs).unref();
    }
  }

  #dismiss({ client, isLost, openedAfter }: Holding): void {
    if (isLost && openedAfter === this.#losses) this.#losses += 1;
    client.release(true);
  }

  #letGo(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const atHand = this.#atHand;
    this.#atHand = [];
    for (const { client } of atHand) client.release();
  }
}

/** Does it, and sends at once what it has written before its first wait. */
function sentTogether<Answer>(
  { session, socket }: Holding,
  work: (session: Session) => Promise<Answer>,
): Promise<Answer> {
  socket?.gather();
  try {
    return work(session);
  } finally {
    socket?.sendGathered();
  }
}
