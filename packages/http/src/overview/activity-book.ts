import type { ActivityAnswer, ActivityCount, Clock, EpochMs, TaskClient } from "@millrace/models";
import { orNull } from "./or-null.ts";

const minuteMs = 60_000;
/** What a book remembers, and the longest window of an overview. */
const bookMs = 86_400_000;

/** What happened lately, minute by minute, remembered: each look need only reach back to where the last one was sure. */
export interface ActivityBook {
  /** Null where the store cannot tell. Counts are those of the last day, by minute; not to be changed. */
  read(): Promise<ActivityAnswer | null>;
}

/** Makes the book of one tenant, or of all. */
export function createActivityBook(
  client: Pick<TaskClient, "readActivity">,
  scope: { readonly tenantId?: string },
  clock: Clock,
): ActivityBook {
  let minutes: ReadonlyMap<EpochMs, readonly ActivityCount[]> = new Map();
  let knownFrom: EpochMs | null = null;
  let sureUntil: EpochMs | null = null;

  const look = async (): Promise<ActivityAnswer | null> => {
    const now = clock.now();
    const oldest = now - bookMs - ((now - bookMs) % minuteMs);
    const from = Math.max(oldest, sureUntil ?? oldest);
    const answer = await orNull(client.readActivity({ ...scope, from, partMs: minuteMs }));
    if (answer === null) return null;
    // A look that does not reach back to the last one leaves a gap: what lies before it is forgotten.
    const hasGap = answer.knownFrom !== null && answer.knownFrom > from;
    const kept = hasGap ? [] : [...minutes].filter(([at]) => at >= oldest && at < from);
    minutes = new Map([...kept, ...Map.groupBy(answer.counts, ({ at }) => at)]);
    knownFrom = hasGap || knownFrom === null ? answer.knownFrom : Math.max(knownFrom, oldest);
    // A transaction may tell of a minute that is over: the last whole one is looked at again.
    sureUntil = now - (now % minuteMs) - minuteMs;
    return { counts: [...minutes.values()].flat(), knownFrom };
  };

  let running: Promise<ActivityAnswer | null> | null = null;
  return {
    read() {
      running ??= look().finally(() => {
        running = null;
      });
      return running;
    },
  };
}
