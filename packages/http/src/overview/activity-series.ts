import type { ActivityAnswer, ActivityType, EpochMs } from "@millrace/models";
import { partsOf, type OverviewWindow } from "./overview-window.ts";

/** How often each happened. */
export type ActivitySums = Readonly<Record<ActivityType, number>>;

/** What happened in one part of the time. */
export interface ActivityPart extends ActivitySums {
  readonly at: EpochMs;
}

const nothing: ActivitySums = { enqueued: 0, succeeded: 0, failed: 0, cancelled: 0, retried: 0 };

/** Every part of a window, also those in which nothing happened. Pure. */
export function activityParts({ counts }: ActivityAnswer, window: OverviewWindow): readonly ActivityPart[] {
  const byPart = sumsBy(counts, ({ at }) => at - (at % window.partMs));
  return partsOf(window).map((at) => ({ at, ...(byPart.get(at) ?? nothing) }));
}

/** What happened to tasks of each kind, from a moment on. Pure. */
export function activityByKind({ counts }: ActivityAnswer, from: EpochMs = 0): ReadonlyMap<string, ActivitySums> {
  return sumsBy(
    counts.filter(({ at }) => at >= from),
    ({ kind }) => kind,
  );
}

function sumsBy<Key>(
  counts: ActivityAnswer["counts"],
  keyOf: (count: ActivityAnswer["counts"][number]) => Key,
): ReadonlyMap<Key, ActivitySums> {
  const sums = new Map<Key, Record<ActivityType, number>>();
  for (const one of counts) {
    const key = keyOf(one);
    const own = sums.get(key) ?? { ...nothing };
    own[one.type] += one.count;
    sums.set(key, own);
  }
  return sums;
}
