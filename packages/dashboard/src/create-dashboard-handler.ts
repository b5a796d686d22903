import { resolveDashboard, type DashboardOptions } from "./dashboard-options.ts";
import { createPageHandler } from "./page/create-page-handler.ts";
import { readPageFiles } from "./page/page-files.ts";

/** Serves one request, of the page or of the API behind it. Never rejects. */
export type DashboardHandler = (request: Request) => Promise<Response>;

/**
 * Makes a web-standard handler that serves the dashboard under any path: the page where a path ends with `/`, its files beside it,
 * and the API under `api/`. Everything on the page is relative, so that a proxy may put any prefix before it; nothing of it comes
 * from elsewhere, and nothing of it is inline.
 *
 * @throws `OPTION_INVALID` (that of the API), or a `TypeError` that names the option
 */
export function createDashboardHandler(options: DashboardOptions): DashboardHandler {
  return createPageHandler(resolveDashboard(options), () => readPageFiles());
}
