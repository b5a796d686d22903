import type { EpochMs, TaskId } from "@millrace/models";
import { SortedList } from "./sorted-list.ts";

interface Due {
  readonly at: EpochMs;
  readonly id: TaskId;
}

/** Tasks by a time of theirs, earliest first. */
export class TimerIndex {
  readonly #list = new SortedList<Due>((a, b) => a.at - b.at || (a.id < b.id ? -1 : Number(a.id > b.id)));

  /** Follows a task's time from one value to another; null = it has none. */
  move(id: TaskId, before: EpochMs | null, after: EpochMs | null): void {
    if (before === after) return;
    if (before !== null) this.#list.delete({ at: before, id });
    if (after !== null) this.#list.add({ at: after, id });
  }

  /** Up to `limit` ids whose time is `until` or earlier. */
  upTo(until: EpochMs, limit: number): readonly TaskId[] {
    const ids: TaskId[] = [];
    for (const { at, id } of this.#list) {
      if (at > until || ids.length >= limit) break;
      ids.push(id);
    }
    return ids;
  }
}
