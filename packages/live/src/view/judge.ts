import { matchesTaskQuery, type EpochMs, type TaskEvent, type TaskFilter, type TaskSnapshot } from "@millrace/models";

/** `in`: the task belongs to the view. `out`: it does no more. `none`: it never did. `unknown`: it is gone, and nobody can say. */
export type Verdict = "in" | "out" | "none" | "unknown";

/** What a verdict is found on. */
export interface Judged {
  readonly event: TaskEvent;
  /** Null when the task is gone. */
  readonly snapshot: TaskSnapshot | null;
}

/** The tasks that a reader asked for. */
export interface View {
  readonly filter: TaskFilter;
  judge(judged: Judged, now: EpochMs): Verdict;
  /** The reader now has these and no others. */
  restart(snapshots: readonly TaskSnapshot[]): void;
}

/** Fields by which an event alone tells whether its task belongs. */
const ofEvent: ReadonlySet<string> = new Set<keyof TaskFilter>(["tenantId", "kinds", "taskIds", "statuses", "states"]);
/** How many tasks of a reader are remembered. */
const mostRemembered = 10_000;

/**
 * Makes the view of a filter. Where an event alone cannot say whether its task was part of it, what the reader has is remembered:
 * as long as that is known (not of a reader that came back with a cursor) and not too much.
 */
export function createView(filter: TaskFilter): View {
  const isPlain = Object.keys(filter).every((name) => ofEvent.has(name));
  let had: Set<string> | null = null;

  const remember = (taskId: string): void => {
    had?.add(taskId);
    if (had !== null && had.size > mostRemembered) had = null;
  };
  const left = (event: TaskEvent, otherwise: Verdict): Verdict => {
    if (isPlain) return mayHaveMatched(event, filter) ? "out" : "none";
    if (had === null) return otherwise;
    return had.delete(event.taskId) ? "out" : "none";
  };

  return {
    filter,
    judge({ event, snapshot }, now) {
      if (!concerns(event, filter)) return "none";
      // What is only about to be removed is told as removed soon.
      if (snapshot === null) return left(event, event.type === "removed" ? "unknown" : "none");
      if (!matchesTaskQuery(snapshot, filter, now)) {
        return left(
          event,
          mayHaveMatched(event, filter) && matchesTaskQuery(snapshot, lasting(filter), now) ? "out" : "none",
        );
      }
      remember(event.taskId);
      return "in";
    },
    restart(snapshots) {
      had = isPlain ? null : new Set(snapshots.map(({ id }) => id));
    },
  };
}

function concerns({ tenantId, kind, taskId }: TaskEvent, filter: TaskFilter): boolean {
  return (
    (filter.tenantId === undefined || filter.tenantId === tenantId) &&
    (filter.kinds === undefined || filter.kinds.includes(kind)) &&
    (filter.taskIds === undefined || filter.taskIds.includes(taskId))
  );
}

/** Whether the task may have been part of the view before the event, as far as its status says. */
function mayHaveMatched({ statusBefore }: TaskEvent, { statuses, states }: TaskFilter): boolean {
  if (statusBefore === null) return false;
  const isState = states?.some((state) => {
    if (state === "scheduled" || state === "retrying") return statusBefore === "queued";
    return state === "stale" ? statusBefore === "claimed" || statusBefore === "running" : state === statusBefore;
  });
  return (statuses === undefined || statuses.includes(statusBefore)) && isState !== false;
}

/** The part of a filter that a task fits for ever or never. */
function lasting(filter: TaskFilter): TaskFilter {
  const { statuses: _1, states: _2, reasons: _3, hostId: _4, failureFingerprint: _5, ...rest } = filter;
  return rest;
}
