import { resolve } from "node:path";
import { Worker } from "node:worker_threads";
import type { SqliteDriverName } from "../driver/sqlite-database.ts";
import type { ResolvedSqliteOptions } from "../sqlite-store-options.ts";
import { mayConnectAgain } from "./may-connect-again.ts";

/** What the thread is started with. */
export interface CheckpointThreadData {
  readonly path: string;
  readonly driver: SqliteDriverName;
}

/** What the thread is told. It answers `looked` to every `look`. */
export type CheckpointRequest = "look" | "close";

// A third of what makes SQLite itself do it within a commit. Counted by events, of which several may fit a page: the thread looks.
const pagesBetween = 300;
// A thread costs more than it saves a process that writes little.
const pagesBeforeFirst = 2_000;
// Of a transaction however small: its journal row, its counters, and the right ends of the indexes.
const pagesOfCommit = 6;

/**
 * Copies the write-ahead log into the database from a thread. A checkpoint waits for the disk twice, and one that SQLite does at the
 * end of a commit holds the event loop for as long. It still does one when the thread falls behind, or cannot be.
 */
export class CheckpointThread {
  readonly #options: ResolvedSqliteOptions;
  #worker: Worker | null = null;
  #isPossible = true;
  #isLooking = false;
  #pages = pagesBetween - pagesBeforeFirst;

  constructor(options: ResolvedSqliteOptions) {
    this.#options = options;
  }

  /** A transaction that told so many events was committed. */
  written(events: number): void {
    this.#pages += events + pagesOfCommit;
    if (this.#pages < pagesBetween || this.#isLooking || !this.#isPossible) return;
    this.#pages = 0;
    this.#worker ??= this.#start();
    if (!this.#worker) return;
    this.#isLooking = true;
    this.#worker.postMessage("look" satisfies CheckpointRequest);
  }

  /** Lets go of the file. */
  async close(): Promise<void> {
    this.#isPossible = false;
    const worker = this.#worker;
    this.#worker = null;
    if (!worker) return;
    const ended = new Promise((done) => worker.once("exit", done));
    worker.ref();
    worker.postMessage("close" satisfies CheckpointRequest);
    await ended;
  }

  /** Null where no thread may be: nothing is lost without one. */
  #start(): Worker | null {
    try {
      return mayConnectAgain(this.#options) ? this.#newWorker() : this.#giveUp();
    } catch {
      return this.#giveUp();
    }
  }

  #newWorker(): Worker {
    const { path, driver } = this.#options;
    const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
    const workerData: CheckpointThreadData = { path: resolve(path), driver: driver.name };
    const worker = new Worker(new URL(`./checkpoint-thread.entry${extension}`, import.meta.url), { workerData });
    worker.on("message", () => (this.#isLooking = false));
    worker.on("error", () => this.#giveUp());
    worker.unref();
    return worker;
  }

  #giveUp(): null {
    this.#isPossible = false;
    this.#worker = null;
    return null;
  }
}
