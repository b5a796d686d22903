import type { Clock, TaskFilter } from "@millrace/models";
import type { HttpApi } from "../routes/route.ts";
import { createActivityBook, type ActivityBook } from "./activity-book.ts";
import { readOverview, type Overview } from "./overview.ts";
import { overviewWindow, type OverviewWindowName } from "./overview-window.ts";

/** Overviews that many may look at, often, for the price of one. */
export interface OverviewBook {
  /** At most a second old. */
  read(scope: Pick<TaskFilter, "tenantId">, window: OverviewWindowName): Promise<Overview>;
}

interface Kept {
  readonly until: number;
  readonly overview: Promise<Overview>;
}

const freshMs = 1_000;
const mostKept = 100;
const mostTenants = 20;

/** Makes the book of a handler. */
export function createOverviewBook(api: Pick<HttpApi, "client" | "schedules">, clock: Clock): OverviewBook {
  const overviews = new Map<string, Kept>();
  const activities = new Map<string | undefined, ActivityBook>();
  const activityOf = (scope: Pick<TaskFilter, "tenantId">): ActivityBook => {
    const { tenantId } = scope;
    const known = activities.get(tenantId) ?? createActivityBook(api.client, scope, clock);
    // The one that was not asked for longest is forgotten, and begins anew.
    activities.delete(tenantId);
    activities.set(tenantId, known);
    const [oldest] = activities.keys();
    if (activities.size > mostTenants) activities.delete(oldest);
    return known;
  };
  return {
    read(scope, name) {
      const key = JSON.stringify([scope.tenantId, name]);
      const now = clock.monotonic();
      const known = overviews.get(key);
      if (known && known.until > now) return known.overview;
      if (overviews.size >= mostKept) overviews.clear();
      const window = overviewWindow(name, clock.now());
      const overview = readOverview({ api, scope, window, activity: activityOf(scope) });
      overviews.set(key, { until: now + freshMs, overview });
      // What went wrong is not kept: whoever asks next tries anew.
      overview.catch(() => overviews.delete(key));
      return overview;
    },
  };
}
