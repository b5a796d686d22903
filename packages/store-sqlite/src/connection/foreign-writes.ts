import type { Sql } from "./connection.ts";

/** Changes, for a connection, with every commit of another one. */
export const dataVersion: Sql = () => "pragma data_version";

/** How often a process looks. A look costs some microseconds. Milliseconds. */
const lookEveryMs = 50;

/**
 * Hears of writes by other processes: SQLite tells nobody of them. Looks only while somebody watches; what it misses is found by
 * the next poll of whoever watches.
 */
export class ForeignWrites {
  readonly #look: () => number;
  readonly #onWritten: () => void;
  #timer: NodeJS.Timeout | null = null;
  #watchers = 0;
  #seen: number | null = null;

  /** `look` answers the data version; it may throw when the file is away. */
  constructor(look: () => number, onWritten: () => void) {
    this.#look = look;
    this.#onWritten = onWritten;
  }

  /** Looks until the answer is called. */
  watch(): () => void {
    this.#watchers += 1;
    this.#timer ??= setInterval(() => this.#compare(), lookEveryMs).unref();
    let isWatching = true;
    return () => {
      if (!isWatching) return;
      isWatching = false;
      this.#watchers -= 1;
      if (this.#watchers === 0) this.stop();
    };
  }

  /** Looks no more. */
  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    this.#seen = null;
  }

  #compare(): void {
    let version: number;
    try {
      version = this.#look();
    } catch {
      // Whoever uses the store is told.
      return;
    }
    const isOther = this.#seen !== null && this.#seen !== version;
    this.#seen = version;
    if (isOther) this.#onWritten();
  }
}
