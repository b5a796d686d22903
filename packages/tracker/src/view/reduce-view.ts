import type {
  EventCursor,
  TaskAggregateSnapshot,
  TaskEventType,
  TaskId,
  TaskLiveBootstrap,
  TaskLiveEnd,
  TaskLiveEvent,
  TaskLiveMessage,
  TaskSnapshot,
  TaskStep,
} from "@millrace/models";

/** The last thing that happened to a task, as far as this view was told. */
export interface LastEvent {
  readonly event: TaskEventType;
  readonly version: number;
  /** ISO 8601, UTC. */
  readonly timestamp: string;
}

/** A task of a view with what was told about it. */
export interface TrackedTask {
  readonly snapshot: TaskSnapshot;
  /** Oldest first. */
  readonly steps: readonly TaskStep[];
  readonly lastEvent: LastEvent | null;
}

/** A view as a client keeps it. */
export interface TaskView {
  readonly tasks: ReadonlyMap<TaskId, TrackedTask>;
  /** As the last snapshot had it. */
  readonly aggregate: TaskAggregateSnapshot | null;
  /** Where to go on after a break; null before the first snapshot. */
  readonly cursor: EventCursor | null;
  /** When the last message was written; ISO 8601, UTC. */
  readonly updatedAt: string | null;
  /** Changes were missed, and the snapshot that makes up for them has not come yet. */
  readonly isOld: boolean;
  /** Why there is no more to come. */
  readonly end: TaskLiveEnd | null;
}

/** How much of a view is kept. */
export interface ViewBounds {
  /** The tasks that changed last. */
  readonly limit: number;
  /** The newest steps of each. */
  readonly stepLimit: number;
}

/** A view of which nothing is known yet. */
export const emptyView: TaskView = {
  tasks: new Map(),
  aggregate: null,
  cursor: null,
  updatedAt: null,
  isOld: false,
  end: null,
};

/**
 * The view after a message. Pure. What comes twice or late does no harm: of a task the higher version stays. A message of a
 * sort that is not known here changes nothing.
 */
export function reduceView(view: TaskView, message: TaskLiveMessage, bounds: ViewBounds): TaskView {
  switch (message.type) {
    case "bootstrap":
      return restarted(view, message, bounds);
    case "event":
      return changed(view, message, bounds);
    case "resync":
      return { ...view, isOld: true, updatedAt: message.timestamp };
    case "end":
      return { ...view, end: message, updatedAt: message.timestamp };
    default:
      return view;
  }
}

function restarted(view: TaskView, message: TaskLiveBootstrap, bounds: ViewBounds): TaskView {
  const { snapshots, steps, aggregate, cursor, timestamp } = message;
  const tasks = new Map<TaskId, TrackedTask>();
  for (const snapshot of snapshots) {
    const { id } = snapshot;
    const known = view.tasks.get(id);
    const told = Object.hasOwn(steps, id) ? (steps[id] ?? []) : (known?.steps ?? []);
    tasks.set(id, {
      snapshot: known && known.snapshot.version > snapshot.version ? known.snapshot : snapshot,
      steps: told.slice(-bounds.stepLimit),
      lastEvent: known?.lastEvent ?? null,
    });
  }
  return { tasks: bounded(tasks, bounds.limit), aggregate, cursor, updatedAt: timestamp, isOld: false, end: null };
}

function changed(view: TaskView, message: TaskLiveEvent, bounds: ViewBounds): TaskView {
  const { event, matches, cursor, timestamp } = message;
  const known = view.tasks.get(event.taskId);
  const next = { ...view, cursor, updatedAt: timestamp, end: null };
  const { snapshot } = event;
  if (!matches || snapshot === null) {
    // One that was told before what is known now says nothing about that.
    if (!known || event.version < known.snapshot.version) return next;
    const tasks = new Map(view.tasks);
    tasks.delete(event.taskId);
    return { ...next, tasks };
  }
  const tasks = new Map(view.tasks);
  tasks.set(event.taskId, {
    snapshot: known && known.snapshot.version > snapshot.version ? known.snapshot : snapshot,
    steps: withStep(known?.steps ?? [], event.step, bounds.stepLimit),
    lastEvent: laterOf(known?.lastEvent ?? null, {
      event: event.event,
      version: event.version,
      timestamp: event.timestamp,
    }),
  });
  return { ...next, tasks: bounded(tasks, bounds.limit) };
}

function laterOf(known: LastEvent | null, told: LastEvent): LastEvent {
  return known !== null && known.version > told.version ? known : told;
}

function withStep(steps: readonly TaskStep[], step: TaskStep | null, limit: number): readonly TaskStep[] {
  if (step === null || steps.some(({ id }) => id === step.id)) return steps;
  return [...steps, step].toSorted((one, other) => one.attempt - other.attempt || one.n - other.n).slice(-limit);
}

/** A page that stays open for days keeps what changed last. */
function bounded(tasks: ReadonlyMap<TaskId, TrackedTask>, limit: number): ReadonlyMap<TaskId, TrackedTask> {
  if (tasks.size <= limit) return tasks;
  return new Map(
    [...tasks].toSorted(([, one], [, other]) => newestFirst(one.snapshot, other.snapshot)).slice(0, limit),
  );
}

/** The order of a view: what changed last comes first. */
export function newestFirst(one: TaskSnapshot, other: TaskSnapshot): number {
  return other.updatedAt - one.updatedAt || (one.id < other.id ? 1 : -1);
}
