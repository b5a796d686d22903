import type { TaskStore } from "@millrace/models";
import type { Engine } from "../connection/engine.ts";
import { readKinds } from "../operations/kinds.ts";
import { foldCounts, isFoldingDue } from "./counters.ts";
import { readAggregate } from "./read-aggregate.ts";
import { readEvents } from "./read-events.ts";
import { readSteps } from "./read-steps.ts";
import { getTasks, readAttempts } from "./read-task.ts";
import { readTasks } from "./read-tasks.ts";

/** The operations that only look. */
export type Reads = Pick<TaskStore, "kinds" | "read" | "get" | "steps" | "attempts" | "aggregate" | "events">;

/** Makes the reading operations of a store: over connections of their own, so that no list keeps a host from its work. */
export function createReads(engine: Engine): Reads {
  return {
    kinds: () => engine.read(readKinds),
    get: async (taskIds) => (taskIds.length === 0 ? [] : engine.look((session) => getTasks(session, taskIds))),
    attempts: (taskId) => engine.look((session) => readAttempts(session, taskId)),
    read: (query) => engine.read((session) => readTasks(session, query, engine.now)),
    steps: (query) => engine.read((session) => readSteps(session, query)),
    aggregate: async (filter) => {
      if (await engine.look(isFoldingDue)) await engine.transaction((tx) => foldCounts({ run: tx.query.bind(tx) }));
      return engine.read((session) => readAggregate(session, filter, engine.now));
    },
    events: (after, limit, filter = {}) => engine.read((session) => readEvents(session, { after, limit, filter })),
  };
}
