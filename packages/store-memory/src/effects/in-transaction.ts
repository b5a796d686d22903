import type { MemoryState } from "../state/memory-state.ts";
import { drainEnded } from "./drain-ended.ts";

/**
 * Runs one item or group of an operation: whole, with what it does to other tasks, or, when it refuses or throws, not at
 * all. So one item never harms its neighbours.
 */
export function inTransaction<Answer>(state: MemoryState, work: (refuse: (answer: Answer) => never) => Answer): Answer {
  try {
    return state.undo.atomically<Answer>((refuse) => {
      const answer = work(refuse);
      drainEnded(state);
      return answer;
    });
  } finally {
    state.ended.length = 0;
  }
}
