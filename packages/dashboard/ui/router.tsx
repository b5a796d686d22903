import { createHashHistory, createRootRoute, createRoute, createRouter, redirect } from "@tanstack/react-router";
import { SettingsPage } from "./settings/settings-page.tsx";
import { LostPage } from "./shell/lost-page.tsx";
import { Shell } from "./shell/shell.tsx";
import { TaskListPage } from "./tasks/task-list-page.tsx";
import { TaskPage } from "./task/task-page.tsx";

const root = createRootRoute({ component: Shell, notFoundComponent: LostPage });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    // oxlint-disable-next-line typescript/only-throw-error -- how the router is told
    throw redirect({ to: "/tasks" });
  },
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
const settings = createRoute({ getParentRoute: () => root, path: "/settings", component: SettingsPage });

/** What a link says; one that somebody wrote by hand may look like a number. */
function queryOf(value: unknown): string {
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? value.slice(0, 2_000) : "";
}

/** Where everything stands. In the part after `#`: the server knows one page, wherever it is mounted. */
export const router = createRouter({
  routeTree: root.addChildren([home, tasks, task, settings]),
  history: createHashHistory(),
  defaultPreload: false,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
