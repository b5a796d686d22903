import {
  createTaskSnapshot,
  parseStepQuery,
  parseTaskFilter,
  parseTaskQuery,
  readPlainValues,
  TaskError,
  type Clock,
  type TaskLiveSource,
  type TaskRecord,
  type TaskSnapshot,
  type TaskStore,
} from "@millrace/models";

/** The part of a store that live views read. */
export type TaskLiveStore = Pick<TaskStore, "read" | "get" | "steps" | "aggregate" | "events" | "watch">;

/**
 * What a hub reads from: a host or client as it is, with its codecs; a bare store through plain snapshots, in which values that
 * need a codec say that they are unreadable.
 *
 * @throws `OPTION_INVALID` when it is neither.
 */
export function liveSourceOf(source: TaskLiveSource | TaskLiveStore, clock: Clock): TaskLiveSource {
  if (typeof source === "object" && source !== null) {
    if ("readEvents" in source) return source;
    if ("events" in source && "read" in source) return sourceOfStore(source, clock);
  }
  throw new TaskError("OPTION_INVALID", "source must be a host, a client or a store.", { details: { path: "source" } });
}

function sourceOfStore(store: TaskLiveStore, clock: Clock): TaskLiveSource {
  const shown = (task: TaskRecord): TaskSnapshot =>
    createTaskSnapshot(task, readPlainValues(task), { now: clock.now() });
  return {
    async listTasks(query) {
      const { filter, after, ...page } = parseTaskQuery(query);
      const { tasks, next, cursor } = await store.read({ ...filter, ...page, ...(after === null ? {} : { after }) });
      return { snapshots: tasks.map(shown), next, cursor };
    },
    async getTasks(taskIds) {
      const tasks = await store.get(taskIds);
      return tasks.map((task) => (task ? shown(task) : null));
    },
    listTaskSteps(taskId, query) {
      const { after, ...page } = parseStepQuery({ ...query, taskId });
      return store.steps(after === null ? page : { ...page, after });
    },
    readAggregate: (filter) => store.aggregate(parseTaskFilter(filter)),
    readEvents: (after, limit, filter) => store.events(after, limit, filter),
    watch: (wake) => store.watch(wake),
  };
}
