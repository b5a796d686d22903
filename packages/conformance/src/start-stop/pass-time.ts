import type { ManualClock } from "@millrace/models";

// Work that needs more turns than this without a timer waits for something that never comes.
const mostTurns = 5_000;
// So many idle turns mean that only the clock can help.
const patienceTurns = 3;

/** Lets time pass for things that live on a manual clock. */
export const passTime: {
  turn(): Promise<void>;
  until(isDone: () => boolean, clock: ManualClock): Promise<void>;
} = {
  /** One turn of the event loop: promises settle, finished input and output is told. */
  turn: () => new Promise((resolve) => void setImmediate(resolve)),
  /** Turn after turn until it is done; whenever nothing moves, the clock goes to its next timer. Gives up after a while. */
  async until(isDone, clock) {
    for (let turn = 1; turn <= mostTurns && !isDone(); turn += 1) {
      await passTime.turn();
      const nextTimer = clock.nextTimerInMs();
      if (turn % patienceTurns === 0 && nextTimer !== null && !isDone()) clock.advance(nextTimer);
    }
  },
};
