import type { TaskStore } from "@millrace/models";
import { storeError } from "../connection/store-error.ts";
import { kinds } from "../operations/kinds.ts";
import type { ResolvedSqliteOptions } from "../sqlite-store-options.ts";
import type { GroupWriter } from "../transaction/group-writer.ts";
import { readAggregate } from "./read-aggregate.ts";
import { getTasks, readAttempts } from "./read-attempts.ts";
import { readEvents } from "./read-events.ts";
import { readSteps } from "./read-steps.ts";
import { readTasks } from "./read-tasks.ts";
import type { StoreReader } from "./store-reader.ts";

/** The operations that only look. */
export interface Reads extends Pick<
  TaskStore,
  "kinds" | "read" | "get" | "steps" | "attempts" | "aggregate" | "events"
> {
  readonly close: () => Promise<void>;
}

/** Makes the reading operations of a store. */
export function createReads(options: ResolvedSqliteOptions, writer: GroupWriter): Reads {
  // Async, so that whatever goes wrong comes back as a rejection.
  const here = async <Answer>(work: (reader: StoreReader) => Answer): Promise<Answer> => {
    try {
      return writer.read((connection) => work({ connection, now: options.clock.now() }));
    } catch (error) {
      throw storeError(error, options.path);
    }
  };
  return {
    kinds: () => here(({ connection }) => kinds(connection)),
    get: async (taskIds) => (taskIds.length === 0 ? [] : here((reader) => getTasks(reader, taskIds))),
    attempts: (taskId) => here((reader) => readAttempts(reader, taskId)),
    read: (query) => here((reader) => readTasks(reader, query)),
    steps: (query) => here((reader) => readSteps(reader, query)),
    aggregate: (filter) => here((reader) => readAggregate(reader, filter)),
    events: (after, limit, filter = {}) => here((reader) => readEvents(reader, { after, limit, filter })),
    close: async () => {},
  };
}
