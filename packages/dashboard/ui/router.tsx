import { lazy } from "react";
import { createHashHistory, createRootRoute, createRoute, createRouter } from "@tanstack/react-router";
import { windows, type OverviewWindow } from "./api/use-overview.ts";
import { LostPage } from "./shell/lost-page.tsx";
import { Shell } from "./shell/shell.tsx";

// Each comes when somebody goes there.
const OverviewPage = lazy(async () => ({ default: (await import("./overview/overview-page.tsx")).OverviewPage }));
const TaskListPage = lazy(async () => ({ default: (await import("./tasks/task-list-page.tsx")).TaskListPage }));
const TaskPage = lazy(async () => ({ default: (await import("./task/task-page.tsx")).TaskPage }));
const KindsPage = lazy(async () => ({ default: (await import("./kinds/kinds-page.tsx")).KindsPage }));
const SchedulesPage = lazy(async () => ({ default: (await import("./schedules/schedules-page.tsx")).SchedulesPage }));
const HostsPage = lazy(async () => ({ default: (await import("./hosts/hosts-page.tsx")).HostsPage }));
const ErrorsPage = lazy(async () => ({ default: (await import("./errors/errors-page.tsx")).ErrorsPage }));
const AuditPage = lazy(async () => ({ default: (await import("./audit/audit-page.tsx")).AuditPage }));
const SettingsPage = lazy(async () => ({ default: (await import("./settings/settings-page.tsx")).SettingsPage }));

const root = createRootRoute({ component: Shell, notFoundComponent: LostPage });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: (search: Record<string, unknown>): { window?: OverviewWindow } => {
    const window = windows.find((known) => known === search["window"]);
    return window === undefined ? {} : { window };
  },
  component: OverviewPage,
});
const tasks = createRoute({
  getParentRoute: () => root,
  path: "/tasks",
  validateSearch: (search: Record<string, unknown>): { q?: string } => {
    const q = queryOf(search["q"]);
    return q === "" ? {} : { q };
  },
  component: TaskListPage,
});
const task = createRoute({ getParentRoute: () => root, path: "/tasks/$taskId", component: TaskPage });
const kinds = createRoute({ getParentRoute: () => root, path: "/kinds", component: KindsPage });
const hosts = createRoute({ getParentRoute: () => root, path: "/hosts", component: HostsPage });
const errors = createRoute({ getParentRoute: () => root, path: "/errors", component: ErrorsPage });
const schedules = createRoute({
  getParentRoute: () => root,
  path: "/schedules",
  validateSearch: (search: Record<string, unknown>): { id?: string } =>
    typeof search["id"] === "string" ? { id: search["id"].slice(0, 200) } : {},
  component: SchedulesPage,
});
const audit = createRoute({ getParentRoute: () => root, path: "/audit", component: AuditPage });
const settings = createRoute({ getParentRoute: () => root, path: "/settings", component: SettingsPage });

/** What a link says; one that somebody wrote by hand may look like a number. */
function queryOf(value: unknown): string {
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? value.slice(0, 2_000) : "";
}

/** Where everything stands. In the part after `#`: the server knows one page, wherever it is mounted. */
export const router = createRouter({
  routeTree: root.addChildren([home, tasks, task, kinds, schedules, hosts, errors, audit, settings]),
  history: createHashHistory(),
  defaultPreload: false,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
