import { aboutRoutes } from "./about.ts";
import { bulkRoutes } from "./bulk.ts";
import { changeTaskRoutes } from "./change-tasks.ts";
import { enqueueRoutes } from "./enqueue-tasks.ts";
import { fleetRoutes } from "./fleet.ts";
import { liveRoutes } from "./live.ts";
import { readTaskRoutes } from "./read-tasks.ts";
import type { Route } from "./route.ts";

/** Every route but the document that lists them. */
export const routes: readonly Route[] = [
  ...aboutRoutes,
  ...readTaskRoutes,
  ...enqueueRoutes,
  ...changeTaskRoutes,
  ...bulkRoutes,
  ...fleetRoutes,
  ...liveRoutes,
];
