import type { ActivityAnswer, Clock, EpochMs, TaskFilter } from "@millrace/models";
import type { HttpApi } from "../routes/route.ts";
import { usualMs } from "./attention.ts";
import { orNull, readOverview, type Overview } from "./overview.ts";
import { overviewWindow, type OverviewWindowName } from "./overview-window.ts";

/** Overviews that many may look at, often, for the price of one. */
export interface OverviewBook {
  /** At most a second old. */
  read(scope: Pick<TaskFilter, "tenantId">, window: OverviewWindowName): Promise<Overview>;
}

const freshMs = 1_000;
/** What is usual changes slowly, and is the longest look of all. */
const usualFreshMs = 60_000;
const usualPartMs = 3_600_000;

/** Makes the book of a handler. */
export function createOverviewBook(api: Pick<HttpApi, "client" | "schedules">, clock: Clock): OverviewBook {
  const overviews = createKept<Overview>(clock, freshMs);
  const usuals = createKept<ActivityAnswer | null>(clock, usualFreshMs);
  const usualOf = (scope: Pick<TaskFilter, "tenantId">, now: EpochMs): Promise<ActivityAnswer | null> =>
    usuals(keyOf([scope.tenantId]), () =>
      orNull(api.client.readActivity({ ...scope, from: now - usualMs, partMs: usualPartMs })),
    );
  return {
    read: (scope, name) =>
      overviews(keyOf([scope.tenantId, name]), async () => {
        const window = overviewWindow(name, clock.now());
        return readOverview({ api, scope, window, usual: await usualOf(scope, window.now) });
      }),
  };
}

function keyOf(parts: readonly unknown[]): string {
  return JSON.stringify(parts);
}

const mostKept = 100;

/** Answers by key, each looked up anew once it is older than that. What went wrong is not kept. */
function createKept<Answer>(
  clock: Clock,
  forMs: number,
): (key: string, read: () => Promise<Answer>) => Promise<Answer> {
  const kept = new Map<string, { readonly until: number; readonly answer: Promise<Answer> }>();
  return (key, read) => {
    const now = clock.monotonic();
    const known = kept.get(key);
    if (known && known.until > now) return known.answer;
    if (kept.size >= mostKept) kept.clear();
    const answer = read();
    kept.set(key, { until: now + forMs, answer });
    answer.catch(() => kept.delete(key));
    return answer;
  };
}
