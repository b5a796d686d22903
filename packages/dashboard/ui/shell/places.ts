import type { IconName } from "./icons.tsx";

/** A page that the rail leads to. */
export interface PagePlace {
  readonly to: "/tasks" | "/settings";
  readonly name: string;
  readonly icon: IconName;
  /** After `g`. */
  readonly hotkey: string;
}

/** The pages, in the order of the rail. */
export const pagePlaces: readonly PagePlace[] = [
  { to: "/tasks", name: "Tasks", icon: "tasks", hotkey: "t" },
  { to: "/settings", name: "Settings", icon: "settings", hotkey: "," },
];
