import type { TaskId } from "@millrace/models";
import type { StoredTask } from "../row/task-row.ts";

// Far more than a process can run at once; a claim whose tasks were never settled here must not stay for ever.
const mostEntries = 20_000;

/**
 * What this process knows of the tasks it claimed, so that their next write needs no read. Only ever a guess: each write
 * names version and flags, and one that meets no row reads first.
 */
export class LeaseCache {
  readonly #tasks = new Map<TaskId, StoredTask>();

  get(id: TaskId): StoredTask | undefined {
    return this.#tasks.get(id);
  }

  set(stored: StoredTask): void {
    this.#tasks.set(stored.task.id, stored);
    if (this.#tasks.size <= mostEntries) return;
    const [oldest] = this.#tasks.keys();
    if (oldest !== undefined) this.#tasks.delete(oldest);
  }

  delete(id: TaskId): void {
    this.#tasks.delete(id);
  }
}
