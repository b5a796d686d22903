import { TaskError } from "@millrace/models";
import type { MemoryState } from "./memory-state.ts";

/** Runs an operation at one moment of the store's clock. */
export type RunOperation = <Answer>(operation: () => Answer) => Promise<Answer>;

/** What stands between the methods of a store and its operations. */
export interface OperationRunner {
  readonly run: RunOperation;
  readonly watch: (wake: () => void) => () => void;
  readonly close: () => Promise<void>;
}

/** Refuses operations of a closed store, and wakes watchers after those that told something. */
export function createOperationRunner(state: MemoryState): OperationRunner {
  const watchers = new Set<() => void>();
  let isClosed = false;
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
    // Async, so that whatever goes wrong comes back as a rejection.
    run: async (operation) => {
      if (isClosed) throw new TaskError("STORE_CLOSED", "This memory store has been closed.");
      state.now = state.clock.now();
      const placeBefore = state.journal.lastPlace;
      const answer = operation();
      // After this turn and only once for all of it: a hint may come late.
      if (state.journal.lastPlace > placeBefore && watchers.size > 0 && !isWaking) {
        isWaking = true;
        queueMicrotask(wakeAll);
      }
      return answer;
    },
    watch: (wake) => {
      // Each call is a watch of its own, even of the same function.
      const own = (): void => wake();
      watchers.add(own);
      return () => void watchers.delete(own);
    },
    close: async () => {
      isClosed = true;
      watchers.clear();
    },
  };
}
