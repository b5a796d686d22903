import type {
  EventCursor,
  TaskAggregateSnapshot,
  TaskId,
  TaskLiveEnd,
  TaskLiveMessage,
  TaskSnapshot,
  TaskStep,
} from "@millrace/models";
import { emptyView, newestFirst, reduceView, type LastEvent, type TaskView } from "./view/reduce-view.ts";

/** How a client hears of changes: not yet, at once, not at the moment, by asking now and then, or never again. */
export type TaskLiveStatus = "connecting" | "live" | "reconnecting" | "polling" | "ended";

/** What a view shows. The same object until something changes. */
export interface TaskLiveState {
  /** What changed last comes first. */
  readonly snapshots: readonly TaskSnapshot[];
  /** By task id, oldest first; of tasks whose steps were asked for. */
  readonly steps: Readonly<Record<TaskId, readonly TaskStep[]>>;
  /** By task id: what happened last, as far as it was told. */
  readonly lastEvents: Readonly<Record<TaskId, LastEvent>>;
  /** As the last snapshot of the view had it; its `updatedAt` says when. */
  readonly aggregate: TaskAggregateSnapshot | null;
  /** When the last message was written; ISO 8601, UTC. Null before the first. */
  readonly updatedAt: string | null;
  readonly status: TaskLiveStatus;
  /** Changes were missed; the snapshot that makes up for them is on its way. */
  readonly isOld: boolean;
  /** Why there is no more to come. */
  readonly end: TaskLiveEnd | null;
}

/** How much a tracker keeps. */
export interface TaskLiveTrackerOptions {
  /** The tasks that changed last. @defaultValue 1_000 */
  readonly limit?: number;
  /** The newest steps of each. @defaultValue 200 */
  readonly stepLimit?: number;
}

/** A client's copy of a view. */
export interface TaskLiveTracker {
  /** Brings the copy up to a message; one that comes twice or late does no harm. */
  apply(message: TaskLiveMessage): void;
  getState(): TaskLiveState;
  /** Hears once of all that changed in a turn. Answers how to stop. */
  onChange(listener: () => void): () => void;
  /** Where to go on after a break; null before the first snapshot. */
  readonly cursor: EventCursor | null;
  /** Says how changes come; whoever brings them tells. */
  setStatus(status: TaskLiveStatus): void;
}

/** Makes a tracker that has heard nothing. */
export function createTaskLiveTracker({
  limit = 1_000,
  stepLimit = 200,
}: TaskLiveTrackerOptions = {}): TaskLiveTracker {
  const bounds = { limit, stepLimit };
  const listeners = new Set<() => void>();
  let view: TaskView = emptyView;
  let status: TaskLiveStatus = "connecting";
  let shown: TaskLiveState | null = null;
  let isTelling = false;

  const tell = (): void => {
    shown = null;
    if (isTelling) return;
    isTelling = true;
    queueMicrotask(() => {
      isTelling = false;
      for (const listener of listeners) listener();
    });
  };

  return {
    apply(message) {
      const next = reduceView(view, message, bounds);
      if (next === view) return;
      view = next;
      if (message.type === "end" && !message.retryable) status = "ended";
      tell();
    },
    getState: () => (shown ??= stateOf(view, status)),
    onChange(listener) {
      const own = (): void => listener();
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    get cursor() {
      return view.cursor;
    },
    setStatus(now) {
      if (status === now) return;
      status = now;
      tell();
    },
  };
}

function stateOf({ tasks, aggregate, updatedAt, isOld, end }: TaskView, status: TaskLiveStatus): TaskLiveState {
  const all = [...tasks].toSorted(([, one], [, other]) => newestFirst(one.snapshot, other.snapshot));
  return {
    snapshots: all.map(([, { snapshot }]) => snapshot),
    steps: Object.fromEntries(all.flatMap(([id, { steps }]) => (steps.length > 0 ? [[id, steps]] : []))),
    lastEvents: Object.fromEntries(all.flatMap(([id, { lastEvent }]) => (lastEvent ? [[id, lastEvent]] : []))),
    aggregate,
    updatedAt,
    status,
    isOld,
    end,
  };
}
