import type { Clock } from "@millrace/models";

/** Waits so long, or until the signal aborts; never rejects. */
export function pause(clock: Clock, forMs: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      cancelTimer();
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const cancelTimer = clock.after(forMs, end);
    signal?.addEventListener("abort", end);
  });
}

/** Waits for something at most so long, or until the signal aborts; leaves no timer behind, and never rejects. */
export async function waitAtMost(
  clock: Clock,
  something: Promise<unknown>,
  limit: { readonly ms: number; readonly signal?: AbortSignal },
): Promise<void> {
  const ended = new AbortController();
  const end = (): void => ended.abort();
  if (limit.signal?.aborted === true) end();
  limit.signal?.addEventListener("abort", end);
  something.then(end, end);
  await pause(clock, limit.ms, ended.signal);
  limit.signal?.removeEventListener("abort", end);
}
