/**
 * How many tasks a transaction follows that it did not end itself but on account of others. What ends beyond them is marked, and
 * followed after the commit, so that a long chain holds no lock, and no event loop, for its whole length.
 */
export const mostFollowed: number = 200;

/** Counts them. */
export class FollowBudget {
  #followed = 0;

  /** Whether this transaction may follow one more. */
  take(): boolean {
    this.#followed += 1;
    return !this.isSpent;
  }

  /** Whether something has been left to be followed after the commit. */
  get isSpent(): boolean {
    return this.#followed > mostFollowed;
  }
}
