import {
  isTaskId,
  parseStepQuery,
  parseTaskFilter,
  parseTaskQuery,
  TaskError,
  type Clock,
  type SnapshotPage,
  type StepPage,
  type StepQuery,
  type TaskAggregateSnapshot,
  type TaskClient,
  type TaskFilter,
  type TaskId,
  type TaskLiveSource,
  type TaskQuery,
  type TaskRecord,
  type TaskSnapshot,
  type TaskStep,
  type TaskStore,
} from "@millrace/models";
import { shown } from "./option-check.ts";
import type { SnapshotReader } from "./snapshot-reader.ts";

/** A query for a view that is then kept up to date. */
export interface BootstrapQuery extends TaskQuery {
  /** How many of the newest steps of each task. @defaultValue 0 */
  readonly recentSteps?: number;
  /** @defaultValue true */
  readonly includeAggregate?: boolean;
}

/** A view as it stands, and the place in the journal from which it is kept up to date. */
export interface TaskBootstrap {
  readonly query: BootstrapQuery;
  readonly snapshots: readonly TaskSnapshot[];
  /** By task id, the newest ones, oldest first. */
  readonly steps: Readonly<Record<TaskId, readonly TaskStep[]>>;
  readonly aggregate: TaskAggregateSnapshot | null;
  readonly cursor: string;
  /** ISO 8601, UTC. */
  readonly timestamp: string;
}

/** The part of a client that reads. */
export interface ReadSide
  extends TaskLiveSource, Pick<TaskClient, "getTask" | "readSnapshot" | "listSnapshots" | "listTaskAttempts"> {
  bootstrap(query?: BootstrapQuery): Promise<TaskBootstrap>;
  /** The newest task of the kind that has this dedupe key; null when there is none. @defaultValue openOnly true */
  findTaskByDedupeKey(
    kind: string,
    dedupeKey: string,
    options?: { readonly openOnly?: boolean; readonly tenantId?: string },
  ): Promise<TaskSnapshot | null>;
}

/** How many steps `includeSteps: true` means. */
const defaultSteps = 20;

/** Makes that part. */
export function createReadSide(store: TaskStore, snapshots: SnapshotReader, clock: Clock): ReadSide {
  const newestSteps = async (taskId: TaskId, limit: number): Promise<readonly TaskStep[]> => {
    if (limit === 0) return [];
    const { steps } = await store.steps(checkedStepQuery({ taskId, limit, from: "newest" }));
    return steps.toSorted((a, b) => a.attempt - b.attempt || a.n - b.n);
  };

  const snapshotOf = async (task: TaskRecord, steps: number): Promise<TaskSnapshot> =>
    steps === 0 ? snapshots.snapshotOf(task) : snapshots.snapshotOf(task, await newestSteps(task.id, steps));

  const readOne = async (taskId: TaskId, steps: number): Promise<TaskSnapshot | null> => {
    const [task] = await store.get([checkedId(taskId)]);
    return task ? snapshotOf(task, steps) : null;
  };

  const readPage = async (query: TaskQuery, steps: number): Promise<SnapshotPage> => {
    const { tasks, next, cursor } = await store.read(checkedQuery(query));
    return { snapshots: await Promise.all(tasks.map((task) => snapshotOf(task, steps))), next, cursor };
  };

  return {
    getTask: (taskId) => readOne(taskId, 0),
    async getTasks(taskIds) {
      const tasks = await store.get(taskIds.map(checkedId));
      return Promise.all(tasks.map(async (task) => (task ? snapshotOf(task, 0) : null)));
    },
    listTasks: (query = {}) => readPage(query, 0),
    readSnapshot: (taskId, options = {}) => readOne(taskId, stepCount(options.includeSteps)),
    listSnapshots({ includeSteps, ...query } = {}) {
      return readPage(query, stepCount(includeSteps));
    },
    listTaskSteps: (taskId, query: Omit<StepQuery, "taskId"> = {}): Promise<StepPage> =>
      store.steps(checkedStepQuery({ ...query, taskId })),
    readAggregate: (filter: TaskFilter = {}) => store.aggregate(parseTaskFilter(filter)),
    async listTaskAttempts(taskId) {
      const [attempts, [task]] = await Promise.all([store.attempts(checkedId(taskId)), store.get([taskId])]);
      return Promise.all(attempts.map((attempt) => snapshots.attemptOf(attempt, task?.tenantId ?? "")));
    },
    readEvents: (after, limit, filter) => store.events(after, limit, filter),
    watch: (wake) => store.watch(wake),
    async bootstrap(query = {}) {
      const { recentSteps, includeAggregate = true, ...page } = query;
      const { snapshots: found, cursor } = await readPage(page, stepCount(recentSteps));
      // Read after the page: the events from its cursor on bring the view to where these numbers are, and further.
      const aggregate = includeAggregate ? await store.aggregate(parseTaskQuery(page).filter) : null;
      const steps = Object.fromEntries(found.map((snapshot) => [snapshot.id, snapshot.steps ?? []]));
      return { query, snapshots: found, steps, aggregate, cursor, timestamp: new Date(clock.now()).toISOString() };
    },
    async findTaskByDedupeKey(kind, dedupeKey, { openOnly = true, tenantId = "" } = {}) {
      const statuses = ["blocked", "queued", "claimed", "running", "suspended", "paused"] as const;
      const filter = { tenantId, kinds: [kind], dedupeKey, ...(openOnly ? { statuses } : {}) };
      const { tasks } = await store.read(checkedQuery({ ...filter, limit: 1 }));
      const [task] = tasks;
      return task ? snapshotOf(task, 0) : null;
    },
  };
}

/** @throws `TASK_ID_INVALID` */
export function checkedId(taskId: TaskId): TaskId {
  if (isTaskId(taskId)) return taskId;
  throw new TaskError("TASK_ID_INVALID", `${shown(taskId)} is no task id: it must be a lower-case UUID.`);
}

/** @throws `QUERY_INVALID` */
function checkedQuery(query: TaskQuery): TaskQuery {
  const { filter, after, ...page } = parseTaskQuery(query);
  return { ...filter, ...page, ...(after === null ? {} : { after }) };
}

/** @throws `QUERY_INVALID` */
function checkedStepQuery(query: StepQuery): StepQuery {
  const { after, ...checked } = parseStepQuery(query);
  return after === null ? checked : { ...checked, after };
}

function stepCount(asked: number | boolean | undefined): number {
  if (asked === undefined || asked === false) return 0;
  return asked === true ? defaultSteps : asked;
}
