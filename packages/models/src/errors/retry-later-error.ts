import { checkedDelayMs, delayOf } from "./handler-delay.ts";
import type { HandlerErrorOptions } from "./permanent-error.ts";

/** Thrown by a handler: a failure like any other, but the next attempt comes after `afterMs` instead of the back-off. */
export class RetryLaterError extends Error {
  override readonly name: string = "RetryLaterError";
  /** Milliseconds until the next attempt, counted from the store's clock at the settlement. */
  readonly afterMs: number;
  readonly code: string | undefined;
  /** Carries `afterMs` too, so that it survives borders that keep only failures. */
  readonly details: Readonly<Record<string, unknown>>;

  /** @throws `OPTION_INVALID` when `afterMs` is negative or not finite. */
  constructor(afterMs: number, message?: string, options: HandlerErrorOptions = {}) {
    super(message ?? `try again in ${afterMs} ms`, options.cause === undefined ? undefined : { cause: options.cause });
    this.afterMs = checkedDelayMs(afterMs, "afterMs");
    this.code = options.code;
    this.details = { ...options.details, afterMs: this.afterMs };
  }
}

/** The delay in ms that a thrown value asks for when it is a `RetryLaterError` of any copy of this package; else null. */
export function retryLaterMs(thrown: unknown): number | null {
  return delayOf(thrown, "RetryLaterError", "afterMs");
}
