import type { Violation } from "@millrace/conformance/invariants";
import {
  isTaskError,
  isTaskEvent,
  journalStart,
  type EventCursor,
  type JournalEvent,
  type TaskStore,
} from "@millrace/models";
import { wait } from "./wait.ts";

/** What a reader of the journal saw from its beginning on. */
export interface Followed {
  readonly events: readonly JournalEvent[];
  /** The last version of each task. */
  readonly versions: ReadonlyMap<string, number>;
  readonly violations: readonly Violation[];
}

/** How the journal is followed. */
export interface FollowOptions {
  /** Opens the database; a follower comes back over a new connection, as one that was restarted. */
  readonly open: () => TaskStore;
  readonly until: () => boolean;
}

/** How many looks a connection serves. */
const looksAConnection = 60;

/** Follows the journal by its cursor until told to stop, then to its end; every task's versions must come without a gap. */
export async function follow({ open, until }: FollowOptions): Promise<Followed> {
  const events: JournalEvent[] = [];
  const versions = new Map<string, number>();
  const violations: Violation[] = [];
  let cursor = journalStart;
  let store = open();
  for (let look = 1; ; look += 1) {
    const isLast = until();
    const page = await readPage(store, cursor);
    ({ cursor } = page);
    if (page.status === "reset") {
      violations.push({ invariant: "I9", taskId: null, message: `the follower was reset: ${page.why}` });
      break;
    }
    for (const event of page.events) {
      events.push(event);
      if (!isTaskEvent(event)) continue;
      const { taskId, type, version } = event;
      const before = versions.get(taskId) ?? 0;
      if (version !== before + 1) {
        violations.push({ invariant: "I9", taskId, message: `the follower saw ${type} ${version} after ${before}` });
      }
      versions.set(taskId, version);
    }
    if (page.more) continue;
    if (isLast) break;
    await wait(30);
    if (look % looksAConnection === 0) {
      await store.close();
      store = open();
    }
  }
  await store.close();
  return { events, versions, violations };
}

/** A page, however long the database takes to come back. */
async function readPage(store: TaskStore, cursor: EventCursor): ReturnType<TaskStore["events"]> {
  try {
    return await store.events(cursor, 500);
  } catch (error) {
    if (!isTaskError(error) || !error.retryable) throw error;
    await wait(100);
    return readPage(store, cursor);
  }
}
