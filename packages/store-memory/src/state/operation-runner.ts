import { createWatchers, TaskError } from "@millrace/models";
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
  const watchers = createWatchers();
  let isClosed = false;
  return {
    // Async, so that whatever goes wrong comes back as a rejection.
    run: async (operation) => {
      if (isClosed) throw new TaskError("STORE_CLOSED", "This memory store has been closed.");
      state.now = state.clock.now();
      const placeBefore = state.journal.lastPlace;
      const answer = operation();
      if (state.journal.lastPlace > placeBefore) watchers.wake();
      return answer;
    },
    watch: watchers.watch,
    close: async () => {
      isClosed = true;
      watchers.clear();
    },
  };
}
