import {
  isTaskEvent,
  toTaskLifecycleEvent,
  type JournalEvent,
  type TaskEvent,
  type TaskId,
  type TaskLifecycleEvent,
  type TaskLiveSource,
  type TaskSnapshot,
  type TaskStep,
} from "@millrace/models";

/** What of an entry a reader is told. */
export interface Wish {
  readonly values: boolean;
  readonly steps: boolean;
}

/** One entry of the journal with the task it is about. */
export interface PageEntry {
  readonly event: TaskEvent;
  /** At least as new as the event; null when the task is gone. */
  readonly snapshot: TaskSnapshot | null;
  /** The event as those are told who see the task: one object for all that wish the same. */
  told(wish: Wish): TaskLifecycleEvent;
  /** The event as those are told who do not see the task any more. */
  dropped(): TaskLifecycleEvent;
}

/** Reads what belongs to the entries of a page: each task once, and steps only when somebody wants them. */
export async function pageEntries(
  source: TaskLiveSource,
  journal: readonly JournalEvent[],
  wantsSteps: boolean,
): Promise<readonly PageEntry[]> {
  const events = journal.filter(isTaskEvent);
  const ids = [...new Set(events.map(({ taskId }) => taskId))];
  if (ids.length === 0) return [];
  const found = await source.getTasks(ids);
  const tasks = new Map(ids.map((id, index) => [id, found[index] ?? null]));
  const steps = wantsSteps ? await readSteps(source, events) : new Map<string, TaskStep>();
  return events.map((event) => entryOf(event, tasks.get(event.taskId) ?? null, steps.get(stepKey(event)) ?? null));
}

async function readSteps(source: TaskLiveSource, events: readonly TaskEvent[]): Promise<ReadonlyMap<string, TaskStep>> {
  const wanted = new Map<TaskId, number>();
  for (const { type, taskId } of events) if (type === "step") wanted.set(taskId, (wanted.get(taskId) ?? 0) + 1);
  const found = new Map<string, TaskStep>();
  for (const [taskId, count] of wanted) {
    // What was written since the page was read stands before what is looked for.
    const limit = Math.min(1_000, 2 * count + 20);
    const { steps } = await source.listTaskSteps(taskId, { limit, from: "newest" });
    for (const step of steps) found.set(`${taskId} ${step.id}`, step);
  }
  return found;
}

function stepKey({ type, taskId, data }: TaskEvent): string {
  return type === "step" ? `${taskId} ${data}` : "";
}

function entryOf(event: TaskEvent, found: TaskSnapshot | null, step: TaskStep | null): PageEntry {
  // An id may be used again once its task is gone: what stands there now may be another's.
  const isSame = found !== null && found.tenantId === event.tenantId && found.version >= event.version;
  const snapshot = isSame && event.type !== "removed" ? found : null;
  const made = new Map<number, TaskLifecycleEvent>();
  return {
    event,
    snapshot,
    told({ values, steps }) {
      const key = (values ? 1 : 0) + (steps ? 2 : 0);
      const known = made.get(key);
      if (known) return known;
      const shown = snapshot === null || values ? snapshot : withoutValues(snapshot);
      const event_ = toTaskLifecycleEvent(event, { snapshot: shown, step: steps ? step : null });
      made.set(key, event_);
      return event_;
    },
    dropped() {
      const known = made.get(-1) ?? toTaskLifecycleEvent({ ...event, channels: [], data: null });
      made.set(-1, known);
      return known;
    },
  };
}

/** A snapshot as lists show it. */
export function withoutValues(snapshot: TaskSnapshot): TaskSnapshot {
  const { input: _input, output: _output, handlerState: _state, ...rest } = snapshot;
  return rest;
}
