import type { Clock } from "@millrace/models";

/** How long the reads of one turn of the event loop, and what is done with them, may hold it up. */
const budgetMs = 5;

/**
 * Lets the event loop turn between reads. Each is answered at once, so whoever reads one page after the other would go on
 * from promise to promise, and nothing else in the process would run until they were done.
 */
export class TurnBudget {
  readonly #clock: Clock;
  #beganAt: number | null = null;
  #turned: Promise<void> = Promise.resolve();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A promise to wait for before the next read, or null when it may begin at once. */
  next(): Promise<void> | null {
    const { nextTurn } = this.#clock;
    if (nextTurn === undefined) return null;
    const now = this.#clock.monotonic();
    if (this.#beganAt === null) {
      this.#beganAt = now;
      this.#turned = new Promise((resolve) =>
        nextTurn.call(this.#clock, () => {
          this.#beganAt = null;
          resolve();
        }),
      );
    }
    return now - this.#beganAt < budgetMs ? null : this.#turned;
  }
}
