import type { Route } from "../routes/route.ts";
import type { IconName } from "./icons.tsx";

/** A page that the rail leads to. */
export interface PagePlace {
  readonly page: Exclude<Route["page"], "task" | "lost">;
  readonly name: string;
  readonly icon: IconName;
  /** After `g`. */
  readonly hotkey: string;
}

/** The pages, in the order of the rail. */
export const pagePlaces: readonly PagePlace[] = [
  { page: "overview", name: "Overview", icon: "overview", hotkey: "o" },
  { page: "tasks", name: "Tasks", icon: "tasks", hotkey: "t" },
  { page: "kinds", name: "Kinds", icon: "kinds", hotkey: "k" },
  { page: "schedules", name: "Schedules", icon: "schedules", hotkey: "s" },
  { page: "hosts", name: "Hosts", icon: "hosts", hotkey: "h" },
  { page: "errors", name: "Errors", icon: "errors", hotkey: "e" },
  { page: "audit", name: "Audit", icon: "audit", hotkey: "a" },
  { page: "settings", name: "Settings", icon: "settings", hotkey: "," },
];

/** The one that leads to where somebody is; null = none does. Pure. */
export function placeOf({ page }: Route): PagePlace | null {
  const of = page === "task" ? "tasks" : page;
  return pagePlaces.find((place) => place.page === of) ?? null;
}
