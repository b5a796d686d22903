import {
  type ActivityFacet,
  checkRetentionPolicy,
  type HealthFacet,
  type RetentionFacet,
  type StorageFacet,
  type StoreHealth,
  type TaskRetentionPolicy,
  type TaskStore,
} from "@millrace/models";
import { deepFrozen } from "@millrace/store-sql";
import { inMemory } from "../connection/open-connection.ts";
import { storeError } from "../connection/store-error.ts";
import { kinds } from "../operations/kinds.ts";
import type { ResolvedSqliteOptions } from "../sqlite-store-options.ts";
import type { GroupWriter } from "../transaction/group-writer.ts";
import { Examination } from "./examination.ts";
import { isQuickAggregate, isQuickQuery } from "./is-quick.ts";
import { lookAtHealth, nothingFound } from "./look-at-health.ts";
import { readAggregate } from "./read-aggregate.ts";
import { getTasks, readAttempts } from "./read-attempts.ts";
import { readEvents } from "./read-events.ts";
import { readSteps } from "./read-steps.ts";
import { readStorage } from "./read-storage.ts";
import { lastSweep } from "./last-sweep.ts";
import { readTasks } from "./read-tasks.ts";
import { answerRead, type ReadRequest } from "./read-request.ts";
import { ReaderThread } from "./reader-thread.ts";
import type { StoreReader } from "./store-reader.ts";
import { TurnBudget } from "./turn-budget.ts";

/** The operations that only look. */
export interface Reads extends Pick<
  TaskStore,
  "kinds" | "read" | "get" | "steps" | "attempts" | "aggregate" | "events"
> {
  readonly activity: ActivityFacet;
  readonly storage: StorageFacet;
  readonly retention: Pick<RetentionFacet, "preview" | "lastSweep">;
  readonly health: HealthFacet;
  /** Final tasks that a policy lets go, by their numbers: at most `limit` of each sort. */
  readonly outdated: (policy: TaskRetentionPolicy, limit: number) => Promise<readonly number[]>;
  readonly close: () => Promise<void>;
}

/**
 * Makes the reading operations of a store. What is found at once is read over the writing connection; what may take long is
 * read in a thread, unless only this connection sees the database.
 */
export function createReads(options: ResolvedSqliteOptions, writer: GroupWriter): Reads {
  const budget = new TurnBudget(options.clock);
  // Async, so that whatever goes wrong comes back as a rejection.
  const here = async <Answer>(work: (reader: StoreReader) => Answer): Promise<Answer> => {
    for (let turn = budget.next(); turn !== null; turn = budget.next()) await turn;
    try {
      return writer.read((connection) => work({ connection, now: options.clock.now() }));
    } catch (error) {
      throw storeError(error, options.path);
    }
  };
  const thread = options.path === inMemory || options.database !== null ? null : new ReaderThread(options);
  const inThread = async <Answer>(request: ReadRequest): Promise<Answer> => {
    if (!thread) return here((reader) => answerRead(reader, request) as Answer);
    // The thread only reads: the file and its schema must be there first, and a closed store must say so.
    await here(() => null);
    return thread.ask<Answer>(options.clock.now(), request);
  };
  const examination = thread && new Examination(options);
  // A database that only this process sees is read whole by nobody: it would hold the event loop.
  const examine = async (): Promise<StoreHealth> => {
    const found = await here(({ connection }) => (examination ? null : lookAtHealth(connection)));
    return deepFrozen({ ...nothingFound, findings: found ?? (await examination?.ask()) ?? [] });
  };
  return {
    kinds: () => here(({ connection }) => kinds(connection)),
    get: async (taskIds) => (taskIds.length === 0 ? [] : here((reader) => getTasks(reader, taskIds))),
    attempts: (taskId) => here((reader) => readAttempts(reader, taskId)),
    read: (query) =>
      isQuickQuery(query) ? here((reader) => readTasks(reader, query)) : inThread({ type: "tasks", query }),
    steps: (query) => here((reader) => readSteps(reader, query)),
    aggregate: (filter) =>
      isQuickAggregate(filter)
        ? here((reader) => readAggregate(reader, filter))
        : inThread({ type: "aggregate", filter }),
    activity: {
      read: (query) => inThread({ type: "activity", query }),
      loads: () => inThread({ type: "loads" }),
      ended: (query) => inThread({ type: "ended", query }),
    },
    storage: { read: () => here(({ connection }) => readStorage(connection)) },
    retention: {
      preview: async (policy) => inThread({ type: "preview", policy: checkRetentionPolicy(policy) }),
      lastSweep: () => here(({ connection }) => lastSweep(connection)),
    },
    health: { look: ({ thorough = false } = {}) => (thorough ? examine() : here(() => nothingFound)) },
    outdated: (policy, limit) => inThread({ type: "outdated", policy, limit }),
    events: (after, limit, filter = {}) => here((reader) => readEvents(reader, { after, limit, filter })),
    close: async () => {
      await Promise.all([thread?.close(), examination?.close()]);
    },
  };
}
