import type { IconName } from "./icons.tsx";

/** A page that the rail leads to. */
export interface PagePlace {
  readonly to: "/" | "/tasks" | "/kinds" | "/schedules" | "/hosts" | "/errors" | "/audit" | "/settings";
  readonly name: string;
  readonly icon: IconName;
  /** After `g`. */
  readonly hotkey: string;
}

/** The pages, in the order of the rail. */
export const pagePlaces: readonly PagePlace[] = [
  { to: "/", name: "Overview", icon: "overview", hotkey: "o" },
  { to: "/tasks", name: "Tasks", icon: "tasks", hotkey: "t" },
  { to: "/kinds", name: "Kinds", icon: "kinds", hotkey: "k" },
  { to: "/schedules", name: "Schedules", icon: "schedules", hotkey: "s" },
  { to: "/hosts", name: "Hosts", icon: "hosts", hotkey: "h" },
  { to: "/errors", name: "Errors", icon: "errors", hotkey: "e" },
  { to: "/audit", name: "Audit", icon: "audit", hotkey: "a" },
  { to: "/settings", name: "Settings", icon: "settings", hotkey: "," },
];
