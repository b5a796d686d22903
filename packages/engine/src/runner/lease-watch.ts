import type { HostTeller } from "../host/host-teller.ts";
import type { HeldTask, RunningTasks } from "./running-tasks.ts";

/** Takes note that the store gave a lease to somebody else, or to nobody: the attempt is told to stop, and listeners once. */
export function loseLease(task: HeldTask, tasks: RunningTasks, teller: HostTeller): void {
  if (task.lost) return;
  task.lost = true;
  teller.leaseLost(task);
  tasks.abort(task, "lease-lost");
}
