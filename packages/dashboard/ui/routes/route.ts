import { windows, type OverviewWindow } from "../api/overview-window.ts";

/** A place of the dashboard, with what it is told by its address. */
export type Route =
  | { readonly page: "overview"; readonly window?: OverviewWindow | undefined }
  /** `taskId`: the one that is looked at beside the list. */
  | { readonly page: "tasks"; readonly q?: string | undefined; readonly taskId?: string | undefined }
  | { readonly page: "task"; readonly taskId: string }
  | { readonly page: "schedules"; readonly id?: string | undefined }
  /** `state`: groups that are not open. */
  | { readonly page: "errors"; readonly state?: "open" | "resolved" | "ignored" | undefined }
  | { readonly page: "kinds" | "hosts" | "audit" | "settings" | "lost" };

/** The address of a place: the part after `#`, since the server knows one page, wherever it is mounted. Pure. */
export function hrefOf(route: Route): string {
  switch (route.page) {
    case "overview":
      return address("", { window: route.window });
    case "tasks":
      return address("tasks", { q: route.q, task: route.taskId });
    case "task":
      return address(`tasks/${encodeURIComponent(route.taskId.toWellFormed())}`);
    case "schedules":
      return address("schedules", { id: route.id });
    case "errors":
      return address("errors", { state: route.state === "open" ? undefined : route.state });
    default:
      return address(route.page);
  }
}

function address(path: string, told: Readonly<Record<string, string | undefined>> = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(told)) if (value) search.set(name, value);
  return `#/${path}${search.size === 0 ? "" : `?${search}`}`;
}

const plain = ["kinds", "hosts", "audit", "settings"] as const;
const marked = ["resolved", "ignored"] as const;

/** The place that an address is of, whoever wrote it; what it tells and nobody knows is passed over. Pure. */
export function routeOf(hash: string): Route {
  const [path = "", ...rest] = hash.replace(/^#/, "").split("?");
  const told = new URLSearchParams(rest.join("?"));
  const [first, second, third] = path.split("/").filter((part) => part !== "");
  if (third !== undefined || (second !== undefined && first !== "tasks")) return { page: "lost" };
  switch (first) {
    case undefined:
      return { page: "overview", window: windows.find((known) => known === told.get("window")) };
    case "tasks":
      return second === undefined ? listOf(told) : taskOf(second);
    case "schedules":
      return { page: "schedules", id: told.get("id")?.slice(0, 200) };
    case "errors":
      return { page: "errors", state: marked.find((known) => known === told.get("state")) };
    default:
      return { page: plain.find((known) => known === first) ?? "lost" };
  }
}

function listOf(told: URLSearchParams): Route {
  return { page: "tasks", q: told.get("q")?.slice(0, 2_000), taskId: told.get("task")?.slice(0, 200) };
}

function taskOf(part: string): Route {
  try {
    return { page: "task", taskId: decodeURIComponent(part) };
  } catch {
    return { page: "lost" };
  }
}
