/**
 * How a group or an item becomes atomic in memory: every change of a table notes how to take it back, and a refusal
 * takes back all that was noted since its transaction began. Transactions nest; nothing here is asynchronous.
 */
export class UndoLog {
  readonly #undos: (() => void)[] = [];
  #depth = 0;

  /** Notes how to take a change back. Outside a transaction nothing is noted. */
  note(undo: () => void): void {
    if (this.#depth > 0) this.#undos.push(undo);
  }

  /**
   * Runs `work` whole or not at all: when it calls `refuse(answer)`, or throws, everything it did is taken back. A refusal
   * becomes the answer; anything else is thrown on.
   */
  atomically<Answer>(work: (refuse: (answer: Answer) => never) => Answer): Answer {
    const mark = this.#undos.length;
    this.#depth += 1;
    let refusal: { readonly answer: Answer } | null = null;
    try {
      return work((answer) => {
        refusal = { answer };
        throw new RollBack();
      });
    } catch (error) {
      while (this.#undos.length > mark) this.#undos.pop()?.();
      if (error instanceof RollBack && refusal !== null) return (refusal as { readonly answer: Answer }).answer;
      throw error;
    } finally {
      this.#depth -= 1;
      if (this.#depth === 0) this.#undos.length = 0;
    }
  }
}

class RollBack extends Error {}
