/** Those who want a hint when something was told. */
export interface Watchers {
  readonly watch: (wake: () => void) => () => void;
  /** Wakes everybody, after this turn and once for all of it. */
  readonly wake: () => void;
  readonly clear: () => void;
}

/** Makes an empty list of watchers. */
export function createWatchers(): Watchers {
  const watchers = new Set<() => void>();
  let isWaking = false;
  const wakeAll = (): void => {
    isWaking = false;
    for (const wake of watchers) {
      try {
        wake();
      } catch {
        // What a listener throws is its own affair; the store and the other listeners go on.
      }
    }
  };
  return {
    watch(wake) {
      // Each call is a watch of its own, even of the same function.
      const own = (): void => wake();
      watchers.add(own);
      return () => void watchers.delete(own);
    },
    wake() {
      if (isWaking || watchers.size === 0) return;
      isWaking = true;
      queueMicrotask(wakeAll);
    },
    clear: () => watchers.clear(),
  };
}
