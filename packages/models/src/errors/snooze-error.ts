import { checkedDelayMs, delayOf } from "./handler-delay.ts";

/** Thrown by a handler: not now. The task is queued again after `forMs`, and no failure is counted. */
export class SnoozeError extends Error {
  override readonly name: string = "SnoozeError";
  /** Milliseconds until the next attempt, counted from the store's clock at the settlement. */
  readonly forMs: number;
  /** Carries `forMs` too, so that it survives borders that keep only failures. */
  readonly details: Readonly<Record<string, unknown>>;

  /** @throws `OPTION_INVALID` when `forMs` is negative or not finite. */
  constructor(forMs: number, message: string = `snoozed for ${forMs} ms`) {
    super(message);
    this.forMs = checkedDelayMs(forMs, "forMs");
    this.details = { forMs: this.forMs };
  }
}

/** The time in ms that a thrown value snoozes for when it is a `SnoozeError` of any copy of this package; else null. */
export function snoozeMs(thrown: unknown): number | null {
  return delayOf(thrown, "SnoozeError", "forMs");
}
