import { IdMap, type TaskId } from "@millrace/models";
import type { StoredTask } from "../row/task-row.ts";

// Far more than a process can run at once; a claim whose tasks were never settled here must not stay for ever.
const mostLeases = 10_000;

/**
 * What this process knows of the tasks it claimed, so that their next write needs no read. Only ever a guess: each write
 * names version and flags, and one that meets no row reads first. Full, it forgets all at once: one at a time would have to
 * be looked for among those that are gone.
 */
export class LeaseCache {
  #leases = new IdMap<StoredTask>();

  get(id: TaskId): StoredTask | undefined {
    return this.#leases.get(id);
  }

  set(stored: StoredTask): void {
    if (this.#leases.size >= mostLeases) this.#leases = new IdMap();
    this.#leases.set(stored.task.id, stored);
  }

  delete(id: TaskId): void {
    this.#leases.delete(id);
  }
}
