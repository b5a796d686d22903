import { type HealthFinding, isTaskError, TaskError } from "@millrace/models";
import type { ResolvedSqliteOptions } from "../sqlite-store-options.ts";
import { damageOf } from "./look-at-health.ts";
import { ReaderThread } from "./reader-thread.ts";

/** Reading a file of some 10 GB once takes about as long. */
const longestMs = 60_000;

/**
 * Reads the whole file in a thread of its own: it would hold up the reads of others in theirs. However many ask, there is
 * one at a time, and whoever asks meanwhile is answered by it.
 */
export class Examination {
  readonly #options: ResolvedSqliteOptions;
  #thread: ReaderThread | null = null;
  #isClosed = false;
  #underWay: Promise<readonly HealthFinding[]> | null = null;

  constructor(options: ResolvedSqliteOptions) {
    this.#options = { ...options, readTimeoutMs: longestMs };
  }

  /** @throws `STORE_BUSY` when it takes longer than a minute, `STORE_CLOSED` */
  ask(): Promise<readonly HealthFinding[]> {
    this.#underWay ??= this.#look();
    return this.#underWay;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#thread?.close();
  }

  async #look(): Promise<readonly HealthFinding[]> {
    if (this.#isClosed) throw new TaskError("STORE_CLOSED", "This SQLite store has been closed.");
    const thread = new ReaderThread(this.#options);
    let gaveUp = false;
    this.#thread = thread;
    try {
      const now = this.#options.clock.now();
      return await thread.ask<readonly HealthFinding[]>(now, { type: "health" });
    } catch (error) {
      gaveUp = isTaskError(error, "STORE_BUSY");
      if (!gaveUp) return damageOf(error);
      throw new TaskError("STORE_BUSY", `Looking through the whole file took longer than ${longestMs / 1_000} s.`, {
        fix: "Run `pragma quick_check` in a shell of SQLite at a quiet time.",
        cause: error,
      });
    } finally {
      const ended = thread.close().then(() => {
        this.#underWay = null;
      });
      // One that was given up reads on until SQLite lets go of it: until then nobody begins another.
      if (!gaveUp) await ended;
    }
  }
}
