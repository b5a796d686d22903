import { createHash } from "node:crypto";
import { systemRandom } from "@millrace/models";
import type { Client } from "pg";
import type { ResolvedPostgresOptions } from "../postgres-store-options.ts";
import type { Engine } from "./engine.ts";
import { listenClient } from "./pools.ts";
import type { Session } from "./session.ts";

// Every NOTIFY takes one lock of the whole server: one each few milliseconds costs next to nothing, one a transaction most
// of the throughput.
const notifyEveryMs = 5;
const proveEveryMs = 15_000;
const proofTakesMs = 2_000;
const longestPauseMs = 30_000;

/**
 * Tells other processes that something has happened, and hears of it from them, over one connection of its own. Only hints:
 * polling is the truth. A connection that listens proves itself by hearing what it sends, now and again, because a
 * pooler, or a network that dropped it, would keep it silent for ever.
 */
export class WakeUps {
  readonly #options: ResolvedPostgresOptions;
  readonly #engine: () => Engine;
  readonly #wake: () => void;
  readonly #channel: string;
  readonly #own: string = crypto.randomUUID();
  #notifyTimer: NodeJS.Timeout | null = null;
  #retryTimer: NodeJS.Timeout | null = null;
  #proofTimer: NodeJS.Timeout | null = null;
  #client: Client | null = null;
  #failures = 0;
  #heard = 0;
  #isOwed = false;
  #isListening = false;
  #isClosed = false;

  constructor(options: ResolvedPostgresOptions, engine: () => Engine, wake: () => void) {
    this.#options = options;
    this.#engine = engine;
    this.#wake = wake;
    // A channel has at most 63 characters; names of schemas and tables may be longer than that together.
    const name = createHash("sha256").update(`${options.schema}.${options.prefix}`).digest("hex");
    this.#channel = `millrace_${name.slice(0, 32)}`;
  }

  /**
   * Something was told here: those in this process hear of it at once, the others a moment later, unless the word has gone
   * behind the statement itself.
   */
  told(isSaid: boolean = false): void {
    this.#wake();
    if (isSaid || this.#isClosed || !this.#options.mayNotify) return;
    if (this.#notifyTimer !== null) this.#isOwed = true;
    else this.#notifyNow();
  }

  /**
   * Sends the word right behind a statement that is on its way: the server says it as soon as that is stored, before the answer
   * has come back. Whether it did; not when the last word was just said.
   */
  sayBehind(session: Session): boolean {
    const { mayNotify, isPooled } = this.#options;
    // Behind a pooler it would be part of the statement's own transaction.
    if (this.#isClosed || !mayNotify || isPooled || this.#notifyTimer !== null) return false;
    this.#beginPause();
    this.#say(session, this.#own).catch(() => null);
    return true;
  }

  /**
   * The first word goes at once, so that an idle host elsewhere begins at once; what follows closely goes together. Whoever is
   * here and waits for the answer, such as a handler for its task, goes first.
   */
  #notifyNow(): void {
    this.#beginPause();
    this.#isOwed = true;
    setImmediate(() => void this.#sayOwed());
  }

  async #sayOwed(): Promise<void> {
    if (!this.#isOwed) return;
    this.#isOwed = false;
    await this.#notify(this.#own);
  }

  #beginPause(): void {
    this.#isOwed = false;
    this.#notifyTimer = setTimeout(() => {
      this.#notifyTimer = null;
      if (this.#isOwed && !this.#isClosed) this.#notifyNow();
    }, notifyEveryMs).unref();
  }

  /** Begins to listen, once. */
  listen(): void {
    if (this.#isListening || this.#isClosed || !this.#options.mayListen) return;
    this.#isListening = true;
    void this.#connect();
  }

  /** Says what is owed: nobody will after it. */
  async close(): Promise<void> {
    await this.#sayOwed();
    this.#isClosed = true;
    for (const timer of [this.#notifyTimer, this.#retryTimer, this.#proofTimer]) if (timer) clearTimeout(timer);
    const client = this.#client;
    this.#client = null;
    await client?.end().catch(() => null);
  }

  async #notify(payload: string): Promise<void> {
    if (this.#isClosed) return;
    // A hint that could not be sent is made up for by the poll.
    await this.#engine()
      .quietly((session) => this.#say(session, payload))
      .catch(() => null);
  }

  /**
   * A transaction of its own: as it writes nothing else, nobody waits until it is on the disk. And a command of its own, not a call in a
   * prepared statement: on an idle machine that is a seventh slower. Neither name nor payload holds anything to be escaped.
   */
  #say(session: Session, payload: string): Promise<unknown> {
    return session.text(`notify "${this.#channel}", '${payload}'`);
  }

  async #connect(): Promise<void> {
    const client = listenClient(this.#options);
    client.on("error", () => this.#lose(client));
    client.on("end", () => this.#lose(client));
    client.on("notification", ({ payload }) => this.#hear(payload ?? ""));
    this.#client = client;
    this.#heard = 0;
    try {
      await client.connect();
      await client.query(`listen "${this.#channel}"`);
      this.#prove(client);
    } catch {
      this.#lose(client);
    }
  }

  #hear(payload: string): void {
    if (payload.startsWith("proof ")) {
      if (payload === `proof ${this.#own}`) this.#believe();
    } else if (payload !== this.#own) this.#wake();
  }

  #believe(): void {
    this.#heard += 1;
    this.#failures = 0;
    // Whatever was said while nobody listened.
    if (this.#heard === 1) this.#wake();
  }

  /** Sends itself a word; silence means that the connection is of no use. */
  #prove(client: Client): void {
    if (this.#isClosed || this.#client !== client) return;
    const before = this.#heard;
    void this.#notify(`proof ${this.#own}`);
    this.#proofTimer = setTimeout(() => {
      if (this.#heard === before) this.#lose(client);
      else this.#proofTimer = setTimeout(() => this.#prove(client), proveEveryMs).unref();
    }, proofTakesMs).unref();
  }

  #lose(client: Client): void {
    if (this.#isClosed || this.#client !== client) return;
    this.#client = null;
    if (this.#proofTimer) clearTimeout(this.#proofTimer);
    void client.end().catch(() => null);
    this.#failures += 1;
    const pauseMs = Math.min(longestPauseMs, 100 * 2 ** Math.min(this.#failures, 10)) * (0.5 + systemRandom.next() / 2);
    this.#retryTimer = setTimeout(() => void this.#connect(), pauseMs).unref();
  }
}
