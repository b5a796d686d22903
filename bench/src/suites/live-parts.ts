import type { TaskLiveListener } from "@millrace/live";
import type { TaskStore } from "@millrace/models";
import { createPostgresTaskStore } from "@millrace/store-postgres";
import { createSqliteTaskStore } from "@millrace/store-sqlite";

/** The store at a place: a file, or a Postgres by its address. */
export function openLiveStore(place: string): TaskStore {
  if (place.startsWith("postgres")) return createPostgresTaskStore({ connectionString: place });
  return createSqliteTaskStore({ path: place, relaxedDurability: true });
}

/** The channel of one reader's tasks. */
export const channelOf = (n: number): string => `scope:user-${n}`;

/** What readers have heard: counted without keeping anything, so that the measuring does not grow. */
export interface LiveCount {
  /** A listener of a reader. */
  listener(): TaskLiveListener;
  readonly events: number;
  /** A task's version that did not follow the one before it. */
  readonly outOfOrder: number;
  readonly resyncs: number;
  /** So many percent of the events took at most so many milliseconds from the store's time to the reader. */
  delayMs(percent: number): number;
}

const longestMs = 60_000;
/** What a task of the writer ends with. */
const lastVersion = 5;

/** Makes an empty count. */
export function createLiveCount(): LiveCount {
  const delays = new Float64Array(longestMs + 1);
  const count = { events: 0, outOfOrder: 0, resyncs: 0 };
  return {
    listener() {
      const versions = new Map<string, number>();
      return (message) => {
        if (message.type === "resync") count.resyncs += 1;
        if (message.type !== "event") return;
        const { taskId, version, timestamp } = message.event;
        count.events += 1;
        if (version !== (versions.get(taskId) ?? 0) + 1) count.outOfOrder += 1;
        if (version === lastVersion) versions.delete(taskId);
        else versions.set(taskId, version);
        const delay = Math.min(longestMs, Math.max(0, Date.now() - Date.parse(timestamp)));
        delays[delay] = (delays[delay] ?? 0) + 1;
      };
    },
    get events() {
      return count.events;
    },
    get outOfOrder() {
      return count.outOfOrder;
    },
    get resyncs() {
      return count.resyncs;
    },
    delayMs(percent) {
      let left = (count.events * percent) / 100;
      const found = delays.findIndex((times) => (left -= times) <= 0);
      return found < 0 ? longestMs : found;
    },
  };
}
