import type { TaskLiveHub } from "../create-task-live-hub.ts";
import { optionError } from "../hub-options.ts";

/** What opens a hub to a network without `authorize`, and says what is thereby promised. */
export type OpenToEveryone = "none-i-am-behind-a-proxy";

/** @throws `OPTION_INVALID` when a hub is to be opened to a network and nobody was named who says who may see what. */
export function checkGuard(hub: Pick<TaskLiveHub<never>, "isGuarded" | "subscribe">, auth: unknown): void {
  if (typeof hub !== "object" || hub === null || typeof hub.subscribe !== "function") {
    throw optionError("hub", "must be a live hub");
  }
  if (auth !== undefined && auth !== "none-i-am-behind-a-proxy") {
    throw optionError("auth", 'must be "none-i-am-behind-a-proxy" or left out');
  }
  if (hub.isGuarded || auth !== undefined) return;
  throw optionError(
    "hub",
    'has no `authorize`, so everyone who reaches this would see every task; give createTaskLiveHub one, or say `auth: "none-i-am-behind-a-proxy"` here',
  );
}
