import {
  buildTaskAggregateSnapshot,
  parseTaskFilter,
  type TaskAggregateSnapshot,
  type TaskFilter,
} from "@millrace/models";
import { frozen } from "../state/frozen.ts";
import type { MemoryState } from "../state/memory-state.ts";
import { matching } from "./read.ts";

/** How many tasks of a filter stand where; always exact here. */
export function aggregate(state: MemoryState, filter: TaskFilter): TaskAggregateSnapshot {
  const moment = { now: state.now, cursor: state.journal.end };
  return frozen(buildTaskAggregateSnapshot(matching(state, parseTaskFilter(filter)), moment));
}
