import type { BackoffPolicy } from "./retry-policy.ts";
import type { Random } from "../ids/random.ts";

/** The longest delay anything may be given: about a hundred years, still a safe number of milliseconds. */
export const longestDelayMs = 3_155_760_000_000;

/** The policy of tasks, kinds and hosts that say nothing: 1 s, doubled each time, at most 1 h, full jitter. */
export const defaultBackoff: Required<Extract<BackoffPolicy, { type: "exponential" }>> = Object.freeze({
  type: "exponential",
  delayMs: 1_000,
  factor: 2,
  maxDelayMs: 3_600_000,
  minDelayMs: 0,
  jitter: "full",
});

/**
 * How long to wait before the next attempt, in whole milliseconds. `failures` counts from 1 and includes the one that
 * just happened. Chance comes in as an argument; the result never leaves 0 … the policy's maximum.
 */
export function backoffDelayMs(
  policy: BackoffPolicy | undefined,
  failures: number,
  random: Pick<Random, "next">,
): number {
  const chosen = policy ?? defaultBackoff;
  const count = Math.max(1, failures);
  switch (chosen.type) {
    case "fixed":
      return bounded(chosen.delayMs, longestDelayMs);
    case "quadratic":
      return bounded((chosen.delayMs ?? 2_000) * count ** 2, chosen.maxDelayMs ?? 300_000);
    case "exponential": {
      const { delayMs, factor, maxDelayMs, minDelayMs, jitter } = { ...defaultBackoff, ...chosen };
      const base = bounded(delayMs * factor ** (count - 1), maxDelayMs);
      return bounded(Math.max(minDelayMs, jittered(base, jitter, random)), maxDelayMs);
    }
  }
}

/** `full` spreads failures of one moment over the whole delay; a share keeps near it. */
function jittered(delayMs: number, jitter: "full" | number, random: Pick<Random, "next">): number {
  if (jitter === "full") return delayMs * random.next();
  return delayMs * (1 + jitter * (2 * random.next() - 1));
}

/** Infinity (a large factor) becomes the maximum; a product of 0 and Infinity is no number and becomes 0. */
function bounded(delayMs: number, maxDelayMs: number): number {
  if (Number.isNaN(delayMs)) return 0;
  return Math.round(Math.min(Math.max(0, delayMs), maxDelayMs));
}
