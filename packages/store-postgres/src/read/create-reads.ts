import type { TaskQuery, TaskStore } from "@millrace/models";
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
    async read(query) {
      // Where nothing can be written the list is only slower.
      if (asksCounts(query)) await foldWhenDue(engine).catch(() => {});
      return engine.read((session) => readTasks(session, query, engine.now));
    },
    steps: (query) => engine.read((session) => readSteps(session, query)),
    aggregate: async (filter) => {
      await foldWhenDue(engine);
      return engine.read((session) => readAggregate(session, filter, engine.now));
    },
    events: (after, limit, filter = {}) => engine.read((session) => readEvents(session, { after, limit, filter })),
  };
}

/** Keeps what counters cost from growing with what was done since somebody last looked at them. */
async function foldWhenDue(engine: Engine): Promise<void> {
  if (await engine.look(isFoldingDue)) await engine.transaction((tx) => foldCounts({ run: tx.query.bind(tx) }));
}

/** Whether a list asks the counters how common its tasks are. */
function asksCounts({ kinds, statuses, states }: TaskQuery): boolean {
  return kinds !== undefined || statuses !== undefined || states !== undefined;
}
