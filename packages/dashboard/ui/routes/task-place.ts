import { currentRoute, navigate } from "./current-route.ts";
import type { Route } from "./route.ts";

/** Where a task is shown: beside the list, for whoever looks at one there, or on a page of its own. */
export function taskPlace(taskId: string): Route {
  const route = currentRoute();
  return route.page === "tasks" ? { ...route, taskId } : { page: "task", taskId };
}

/** From a task to its list: the one that it stands beside, or that of all tasks. */
export function leaveTask(): void {
  const route = currentRoute();
  navigate({ page: "tasks", q: route.page === "tasks" ? route.q : undefined });
}
