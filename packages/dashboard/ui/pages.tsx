import { lazy, type ReactElement } from "react";
import type { Route } from "./routes/route.ts";
import { useIsWide } from "./shell/use-is-wide.ts";
import { LostPage } from "./shell/lost-page.tsx";

// Each comes when somebody goes there; small ones together.
const OverviewPage = lazy(async () => ({ default: (await import("./overview/overview-page.tsx")).OverviewPage }));
const TaskListPage = lazy(async () => ({ default: (await import("./tasks/task-list-page.tsx")).TaskListPage }));
const TaskPage = lazy(async () => ({ default: (await import("./task/task-page.tsx")).TaskPage }));
const KindsPage = lazy(async () => ({ default: (await import("./small-pages.ts")).KindsPage }));
const SchedulesPage = lazy(async () => ({ default: (await import("./schedules/schedules-page.tsx")).SchedulesPage }));
const HostsPage = lazy(async () => ({ default: (await import("./small-pages.ts")).HostsPage }));
const ErrorsPage = lazy(async () => ({ default: (await import("./small-pages.ts")).ErrorsPage }));
const AuditPage = lazy(async () => ({ default: (await import("./small-pages.ts")).AuditPage }));
const SettingsPage = lazy(async () => ({ default: (await import("./small-pages.ts")).SettingsPage }));

/** What stands at a place. */
export function PageOf({ route }: { readonly route: Route }): ReactElement {
  const isWide = useIsWide();
  switch (route.page) {
    case "overview":
      return <OverviewPage window={route.window ?? "1h"} />;
    case "tasks":
      if (route.taskId && !isWide) return <TaskPage taskId={route.taskId} />;
      return <TaskListPage q={route.q ?? ""} inspected={route.taskId ?? null} />;
    case "task":
      return <TaskPage taskId={route.taskId} />;
    case "kinds":
      return <KindsPage />;
    case "schedules":
      return <SchedulesPage id={route.id ?? null} />;
    case "hosts":
      return <HostsPage />;
    case "errors":
      return <ErrorsPage state={route.state ?? "open"} />;
    case "audit":
      return <AuditPage />;
    case "settings":
      return <SettingsPage />;
    default:
      return <LostPage />;
  }
}
