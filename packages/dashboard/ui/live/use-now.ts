import { useSyncExternalStore } from "react";

// One timer for every cell that shows a time.
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;
let now: number = Date.now();
let offset = 0;

/** The server's clock in epoch ms, moving once a second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, lastTick);
}

/** Says what time it is there. */
export function setServerTime(there: number): void {
  const next = there - Date.now();
  // The way of the answer makes a little of it; a clock must not tremble for that.
  if (Math.abs(next - offset) > 2_000) offset = next;
}

/** The server's clock, once. */
function serverNow(): number {
  return Date.now() + offset;
}

/** The moment that every cell shows its time by. */
export function lastTick(): number {
  return now;
}

/** Ticks once a second for as long as somebody listens. */
export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === null) {
    // While nobody listened, time went on: what has just been read would lie ahead of it.
    now = serverNow();
    timer = setInterval(tick, 1_000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

function tick(): void {
  now = serverNow();
  for (const listener of listeners) listener();
}
