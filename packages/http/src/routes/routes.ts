import { aboutRoutes } from "./about.ts";
import { auditRoutes } from "./audit.ts";
import { bulkRoutes } from "./bulk.ts";
import { changeScheduleRoutes } from "./change-schedules.ts";
import { changeTaskRoutes } from "./change-tasks.ts";
import { changeQueuedRoutes } from "./change-queued.ts";
import { enqueueRoutes } from "./enqueue-tasks.ts";
import { errorRoutes } from "./errors.ts";
import { fleetRoutes } from "./fleet.ts";
import { histogramRoutes } from "./histogram.ts";
import { liveRoutes } from "./live.ts";
import { overviewRoutes } from "./overview.ts";
import { readScheduleRoutes } from "./read-schedules.ts";
import { readTaskRoutes } from "./read-tasks.ts";
import { retentionRoutes } from "./retention.ts";
import type { Route } from "./route.ts";

/** Every route but the document that lists them. */
export const routes: readonly Route[] = [
  ...aboutRoutes,
  ...overviewRoutes,
  ...histogramRoutes,
  ...readTaskRoutes,
  ...enqueueRoutes,
  ...changeTaskRoutes,
  ...changeQueuedRoutes,
  ...errorRoutes,
  ...bulkRoutes,
  ...fleetRoutes,
  ...retentionRoutes,
  ...readScheduleRoutes,
  ...changeScheduleRoutes,
  ...auditRoutes,
  ...liveRoutes,
];
