import { type Clock, type Random, systemRandom, TaskError } from "@millrace/models";
import type { Connection, Sql } from "../connection/connection.ts";
import { isBusy, storeError } from "../connection/store-error.ts";
import { LeaseCache } from "./lease-cache.ts";
import { StoreTransaction, WrongGuess } from "./store-transaction.ts";

const begin: Sql = () => "begin immediate";
const commit: Sql = () => "commit";
const rollback: Sql = () => "rollback";

// More in one transaction gains nothing and holds the event loop for its length.
const mostWeight = 500;
// How long after it met a locked database this process lets others in between its own transactions.
const politeForMs = 50;

/** What a writer needs. */
export interface WriterOptions {
  /** Opens the connection; asked before the first transaction, and again after a failure. */
  readonly open: () => Connection;
  readonly path: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly busyTimeoutMs: number;
  /** A transaction told so many events. */
  readonly onTold: (events: number) => void;
  /** A transaction was committed that left something to be followed. @defaultValue the sweeps find it */
  readonly onLater?: () => void;
}

interface Job {
  readonly weight: number;
  readonly work: (tx: StoreTransaction) => unknown;
  readonly resolve: (answer: never) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: whatever is asked for within one turn of the event loop becomes one transaction, and each promise settles
 * after its COMMIT. A locked database is tried again from a timer after a random moment, never waited for inside SQLite:
 * that would hold the event loop, and two processes would starve each other.
 */
export class GroupWriter {
  readonly #options: WriterOptions;
  readonly #leases = new LeaseCache();
  #connection: Connection | null = null;
  #jobs: Job[] = [];
  #isScheduled = false;
  #isClosed = false;
  #busySince: number | null = null;
  #lastBusyAt = Number.NEGATIVE_INFINITY;
  #onIdle: (() => void)[] = [];

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** Runs `work` in the next transaction. `weight` is about how many rows it writes. It may run again: keep it pure. */
  run<Answer>(weight: number, work: (tx: StoreTransaction) => Answer): Promise<Answer> {
    if (this.#isClosed) return Promise.reject(closedError());
    return new Promise<Answer>((resolve, reject) => {
      this.#jobs.push({ weight, work, resolve, reject });
      if (!this.#isScheduled) this.#schedule();
    });
  }

  /** Reads over the writing connection, at once. */
  read<Answer>(work: (connection: Connection) => Answer): Answer {
    if (this.#isClosed) throw closedError();
    return work(this.#open());
  }

  /** A transaction over a connection that the caller holds a transaction on. */
  within<Answer>(connection: Connection, work: (tx: StoreTransaction) => Answer): Answer {
    const tx = this.#transaction(connection, false);
    const answer = tx.atomically(() => {
      const made = work(tx);
      return { made, told: tx.flush() };
    });
    // It is not committed yet; a hint that comes early is followed by the poll.
    if (answer.told > 0) this.#options.onTold(answer.told);
    return answer.made;
  }

  /** Takes no more work, finishes what it has, and closes the connection. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#isScheduled) await new Promise<void>((resolve) => this.#onIdle.push(resolve));
    this.#connection?.close();
    this.#connection = null;
  }

  #schedule(): void {
    this.#isScheduled = true;
    if (performance.now() - this.#lastBusyAt < politeForMs) setTimeout(() => this.#flush(), 1);
    else setImmediate(() => this.#flush());
  }

  #flush(): void {
    const jobs = this.#takeJobs();
    const outcome = this.#attempt(jobs);
    if (outcome === "busy") {
      this.#jobs = [...jobs, ...this.#jobs];
      if (this.#retryLater()) return;
    }
    if (this.#jobs.length > 0) this.#schedule();
    else this.#rest();
  }

  #rest(): void {
    this.#isScheduled = false;
    for (const done of this.#onIdle.splice(0)) done();
  }

  #takeJobs(): readonly Job[] {
    let weight = 0;
    let count = 0;
    for (const job of this.#jobs) {
      if (count > 0 && weight + job.weight > mostWeight) break;
      weight += job.weight;
      count += 1;
    }
    return this.#jobs.splice(0, count);
  }

  #attempt(jobs: readonly Job[], mayGuess = true): "done" | "busy" {
    try {
      this.#transact(jobs, mayGuess);
      return "done";
    } catch (error) {
      if (error instanceof WrongGuess) return this.#attempt(jobs, false);
      if (isBusy(error)) return "busy";
      const [job, ...others] = jobs;
      if (others.length > 0) return this.#attemptEach(jobs);
      job?.reject(storeError(error, this.#options.path));
      return "done";
    }
  }

  /** One of them failed, and all were taken back: each on its own, so that only that one fails. */
  #attemptEach(jobs: readonly Job[]): "done" | "busy" {
    for (const [index, job] of jobs.entries()) {
      if (this.#attempt([job]) === "done") continue;
      this.#jobs = [...jobs.slice(index), ...this.#jobs];
      return "done";
    }
    return "done";
  }

  #transact(jobs: readonly Job[], mayGuess: boolean): void {
    if (jobs.length === 0) return;
    const connection = this.#open();
    connection.use(begin).run();
    let told: number;
    let answers: readonly unknown[];
    let hasLater: boolean;
    try {
      const tx = this.#transaction(connection, mayGuess);
      answers = jobs.map(({ work }) => work(tx));
      told = tx.flush();
      hasLater = tx.budget.isSpent;
      connection.use(commit).run();
    } catch (error) {
      takeBack(connection);
      throw error;
    }
    this.#busySince = null;
    for (const [index, { resolve }] of jobs.entries()) resolve(answers[index] as never);
    if (told > 0) this.#options.onTold(told);
    if (hasLater) this.#options.onLater?.();
  }

  #transaction(connection: Connection, mayGuess: boolean): StoreTransaction {
    const { clock, random } = this.#options;
    return new StoreTransaction({ connection, now: clock.now(), random, leases: this.#leases, mayGuess });
  }

  /** False when it has been tried for long enough: then everything that waits is refused. */
  #retryLater(): boolean {
    const now = performance.now();
    this.#lastBusyAt = now;
    this.#busySince ??= now;
    if (now - this.#busySince < this.#options.busyTimeoutMs) {
      setTimeout(() => this.#flush(), systemRandom.next() * 2);
      return true;
    }
    const { path, busyTimeoutMs } = this.#options;
    this.#busySince = null;
    for (const { reject } of this.#jobs.splice(0)) {
      reject(
        new TaskError("STORE_BUSY", `${path} stayed locked by another writer for ${busyTimeoutMs} ms.`, {
          details: { path, busyTimeoutMs },
        }),
      );
    }
    return false;
  }

  #open(): Connection {
    this.#connection ??= this.#options.open();
    return this.#connection;
  }
}

function takeBack(connection: Connection): void {
  try {
    connection.use(rollback).run();
  } catch {
    // SQLite has rolled back by itself, as it does when the disk is full.
  }
}

function closedError(): TaskError {
  return new TaskError("STORE_CLOSED", "This SQLite store has been closed.");
}
