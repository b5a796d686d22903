import {
  backoffDelayMs,
  parseBackoff,
  type BackoffPolicy,
  type EpochMs,
  type Random,
  type RetryOptions,
  type RetryResolver,
  type TaskRetry,
} from "@millrace/models";

/** Whether and when to try again. */
export type RetryDecision = { readonly retry: true; readonly delayMs: number } | { readonly retry: false };

/** What is known of a failure when its retry is decided. */
export interface FailedAttempt {
  readonly about: Parameters<RetryResolver>[0];
  /** What the task itself says. */
  readonly taskRetry: TaskRetry;
  /** What its kind says. */
  readonly kindRetry: RetryOptions | undefined;
  /** What the host says. */
  readonly hostBackoff: BackoffPolicy | undefined;
  /** The delay a `RetryLaterError` asked for. */
  readonly askedDelayMs: number | undefined;
  readonly now: EpochMs;
  readonly random: Pick<Random, "next">;
}

/**
 * When the next attempt comes: what the handler asked for, else the task's policy, the kind's policy or resolver, the host's
 * policy, the default. Pure but for a resolver, which is the user's. Never throws: a resolver that does is told by `onThrow`, and the
 * default policy is used.
 */
export function retryDelay(failed: FailedAttempt, onThrow: (error: unknown) => void): RetryDecision {
  const { askedDelayMs, taskRetry, kindRetry } = failed;
  if (askedDelayMs !== undefined) return { retry: true, delayMs: Math.max(0, Math.round(askedDelayMs)) };
  if (taskRetry.backoff) return byPolicy(taskRetry.backoff, failed);
  const backoff = kindRetry?.backoff;
  if (typeof backoff !== "function") {
    return byPolicy(backoff === undefined ? failed.hostBackoff : parseBackoff(backoff, "retry.backoff"), failed);
  }
  try {
    return byAnswer(backoff(failed.about), failed);
  } catch (error) {
    onThrow(error);
    return byPolicy(failed.hostBackoff, failed);
  }
}

function byPolicy(policy: BackoffPolicy | undefined, { about, random }: FailedAttempt): RetryDecision {
  return { retry: true, delayMs: backoffDelayMs(policy, about.failures, random) };
}

function byAnswer(answer: ReturnType<RetryResolver>, failed: FailedAttempt): RetryDecision {
  if (answer === null || answer === false) return { retry: false };
  if (typeof answer !== "object" || answer instanceof Date)
    return { retry: true, delayMs: untilMs(answer, failed.now) };
  if (!answer.retry) return { retry: false };
  if (answer.scheduledAt !== undefined) return { retry: true, delayMs: untilMs(answer.scheduledAt, failed.now) };
  if (answer.delayMs === undefined) return byPolicy(failed.hostBackoff, failed);
  return { retry: true, delayMs: checkedMs(answer.delayMs) };
}

/** A time that has passed means now. */
function untilMs(at: number | Date | string, now: EpochMs): number {
  const time = typeof at === "number" ? at : at instanceof Date ? at.getTime() : Date.parse(at);
  return Math.max(0, checkedMs(time) - now);
}

function checkedMs(value: number): number {
  if (Number.isFinite(value)) return Math.max(0, Math.round(value));
  throw new TypeError(`a retry resolver answered with ${String(value)}, which is no time`);
}
