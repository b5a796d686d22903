import {
  isTaskEvent,
  toTaskLifecycleEvent,
  type JournalEvent,
  type TaskEvent,
  type TaskId,
  type EpochMs,
  type EventCursor,
  type TaskLifecycleEvent,
  type TaskLiveEvent,
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
  /** What those are told who see the task: one object for all who wish the same and get it at the same place. */
  told(wish: Wish, cursor: EventCursor): TaskLiveEvent;
  /** What those are told who do not see the task any more. */
  dropped(cursor: EventCursor): TaskLiveEvent;
}

/** How a page is read. */
export interface PageReading {
  /** Steps are looked up only when somebody wants them. */
  readonly wantsSteps: boolean;
  /** When: what the messages say. */
  readonly now: EpochMs;
}

/** Reads what belongs to the entries of a page: each task once. */
export async function pageEntries(
  source: TaskLiveSource,
  journal: readonly JournalEvent[],
  { wantsSteps, now }: PageReading,
): Promise<readonly PageEntry[]> {
  const events = journal.filter(isTaskEvent);
  const ids = [...new Set(events.map(({ taskId }) => taskId))];
  if (ids.length === 0) return [];
  const found = await source.getTasks(ids);
  const tasks = new Map(ids.map((id, index) => [id, found[index] ?? null]));
  const steps = wantsSteps ? await readSteps(source, events) : new Map<string, TaskStep>();
  const timestamp = new Date(now).toISOString();
  return events.map((event) => {
    const step = steps.get(stepKey(event)) ?? null;
    return entryOf(event, sameTask(event, tasks.get(event.taskId) ?? null), { step, timestamp });
  });
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

/** An id may be used again once its task is gone: what stands there now may be another's. */
function sameTask(event: TaskEvent, found: TaskSnapshot | null): TaskSnapshot | null {
  if (found === null || event.type === "removed") return null;
  return found.tenantId === event.tenantId && found.version >= event.version ? found : null;
}

interface EntryParts {
  readonly step: TaskStep | null;
  readonly timestamp: string;
}

function entryOf(event: TaskEvent, snapshot: TaskSnapshot | null, { step, timestamp }: EntryParts): PageEntry {
  const events = new Map<string, TaskLifecycleEvent>();
  const messages: (readonly [TaskLifecycleEvent, TaskLiveEvent])[] = [];
  const eventOf = (name: string, make: () => TaskLifecycleEvent): TaskLifecycleEvent => {
    const found = events.get(name) ?? make();
    events.set(name, found);
    return found;
  };
  const messageOf = (told: TaskLifecycleEvent, matches: boolean, cursor: EventCursor): TaskLiveEvent => {
    for (const [known, message] of messages) if (known === told && message.cursor === cursor) return message;
    const message: TaskLiveEvent = { type: "event", event: told, matches, cursor, timestamp };
    messages.push([told, message]);
    return message;
  };
  return {
    event,
    snapshot,
    told({ values, steps }, cursor) {
      const told = eventOf(`${values ? "values" : ""} ${steps ? "steps" : ""}`, () => {
        const shown = snapshot === null || values ? snapshot : withoutValues(snapshot);
        return toTaskLifecycleEvent(event, { snapshot: shown, step: steps ? step : null });
      });
      return messageOf(told, true, cursor);
    },
    dropped(cursor) {
      const told = eventOf("dropped", () => toTaskLifecycleEvent({ ...event, channels: [], data: null }));
      return messageOf(told, false, cursor);
    },
  };
}

/** A snapshot as lists show it. */
function withoutValues(snapshot: TaskSnapshot): TaskSnapshot {
  const { input: _input, output: _output, handlerState: _state, ...rest } = snapshot;
  return rest;
}
