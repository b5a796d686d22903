/**
 * How many tasks a transaction follows that it did not end itself but on account of others. What ends beyond them is marked, and
 * followed after the commit, so that a long chain holds no lock, and no event loop, for its whole length.
 */
export const mostFollowed: number = 200;
