import { resolve } from "node:path";
import { Worker } from "node:worker_threads";
import { type EpochMs, type ErrorCode, TaskError } from "@millrace/models";
import { deepFrozen } from "@millrace/store-sql";
import type { SqliteDriverName } from "../driver/sqlite-database.ts";
import type { ResolvedSqliteOptions } from "../sqlite-store-options.ts";
import type { ReadRequest } from "./read-request.ts";

/** What the thread is started with. */
export interface ReaderThreadData {
  readonly path: string;
  readonly driver: SqliteDriverName;
  readonly tablePrefix: string;
  readonly cacheBytes: number;
}

/** What the thread is asked. */
export interface ThreadRequest {
  readonly id: number;
  readonly now: EpochMs;
  readonly request: ReadRequest;
}

/** What the thread says. */
export type ThreadAnswer =
  | { readonly id: number; readonly answer: unknown }
  | {
      readonly id: number;
      readonly error: {
        readonly code: ErrorCode;
        readonly message: string;
        readonly details: Readonly<Record<string, unknown>>;
      };
    };

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: TaskError) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * Does reads in a thread, so that none of them holds the event loop of the host. One that takes longer than its time is
 * ended with the thread; the next read starts another.
 */
export class ReaderThread {
  readonly #options: ResolvedSqliteOptions;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #lastId = 0;
  /** The end of a thread that was given up: it comes when SQLite lets go. */
  #ended: Promise<unknown> = Promise.resolve();

  constructor(options: ResolvedSqliteOptions) {
    this.#options = options;
  }

  /** Reads at the moment `now`. @throws `STORE_BUSY` when it takes longer than `readTimeoutMs`. */
  ask<Answer>(now: EpochMs, request: ReadRequest): Promise<Answer> {
    const worker = this.#open();
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise<Answer>((resolvePromise, reject) => {
      const timer = setTimeout(() => this.#giveUp(), this.#options.readTimeoutMs);
      this.#waiting.set(id, { resolve: resolvePromise, reject, timer });
      // Somebody waits for it, so it may keep the process alive.
      worker.ref();
      worker.postMessage({ id, now, request } satisfies ThreadRequest);
    });
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    this.#rejectAll(new TaskError("STORE_CLOSED", "This SQLite store has been closed."));
    await Promise.all([worker?.terminate(), this.#ended]);
  }

  #open(): Worker {
    if (this.#worker) return this.#worker;
    const { path, driver, prefix, cacheBytes } = this.#options;
    const workerData: ReaderThreadData = { path: resolve(path), driver: driver.name, tablePrefix: prefix, cacheBytes };
    const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
    const worker = new Worker(new URL(`./reader-thread.entry${extension}`, import.meta.url), { workerData });
    worker.on("message", (answer: ThreadAnswer) => this.#answered(answer));
    worker.on("error", (error: Error) => this.#failed(worker, error));
    this.#worker = worker;
    return worker;
  }

  #answered(answer: ThreadAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    if (!waiting) return;
    this.#waiting.delete(answer.id);
    clearTimeout(waiting.timer);
    if (this.#waiting.size === 0) this.#worker?.unref();
    if ("error" in answer) {
      const { code, message, details } = answer.error;
      waiting.reject(new TaskError(code, message, { details }));
    } else waiting.resolve(deepFrozen(answer.answer) as never);
  }

  #giveUp(): void {
    const { readTimeoutMs, path } = this.#options;
    this.#drop();
    this.#rejectAll(
      new TaskError("STORE_BUSY", `A read of ${path} took longer than ${readTimeoutMs} ms.`, {
        details: { readTimeoutMs },
        fix: "Narrow the filter, list in the order of creation, or raise `readTimeoutMs`.",
      }),
    );
  }

  #failed(worker: Worker, cause: Error): void {
    if (this.#worker === worker) this.#worker = null;
    this.#rejectAll(new TaskError("STORE_UNAVAILABLE", "The thread that reads has ended.", { cause }));
  }

  #drop(): void {
    const worker = this.#worker;
    this.#worker = null;
    if (worker) this.#ended = worker.terminate();
  }

  #rejectAll(error: TaskError): void {
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#waiting.clear();
  }
}
