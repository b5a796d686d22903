/** A moment: milliseconds since 1970-01-01T00:00:00Z, a whole number. */
export type EpochMs = number;

/** Takes a timer back; calling it twice, or after the timer ran, does nothing. */
export type CancelTimer = () => void;

/**
 * Where time comes from. A store takes one when it is made (only its clock decides); the engine takes one for its
 * own timers. Never handed to a single call.
 */
export interface Clock {
  /** The wall clock. It may jump; never measure with it. */
  now(): EpochMs;
  /** Milliseconds that only ever grow, from an arbitrary zero. For deadlines and durations. */
  monotonic(): number;
  /** Runs `run` once, `delayMs` from now. A timer never keeps the process alive by itself. */
  after(delayMs: number, run: () => void): CancelTimer;
  /** Keeps the process alive until it is taken back: a host that runs must not end because nothing else is open. Absent in tests. */
  hold?(): CancelTimer;
  /** Runs `run` as soon as I/O and timers that wait had their turn. Absent where nothing but the clock's owner runs. */
  nextTurn?(run: () => void): void;
}
