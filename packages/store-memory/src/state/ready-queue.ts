import type { EpochMs, TaskId, TaskRecord } from "@millrace/models";
import { scopedKey } from "./scoped-key.ts";
import { SortedList } from "./sorted-list.ts";

/** A queued task, as far as the order of claims looks at it. */
export interface ReadyEntry {
  readonly id: TaskId;
  readonly priority: number;
  readonly scheduledAt: EpochMs;
}

/** Due tasks of a kind that carry the same concurrency keys: when one of them is blocked, all are. */
export interface ReadyGroup {
  readonly keyIds: readonly string[];
  readonly entries: SortedList<ReadyEntry>;
}

/** Higher priority first, then the earlier time, then the lower id. */
export function compareReady(a: ReadyEntry, b: ReadyEntry): number {
  return b.priority - a.priority || compareDue(a, b);
}

function compareDue(a: ReadyEntry, b: ReadyEntry): number {
  return a.scheduledAt - b.scheduledAt || (a.id < b.id ? -1 : Number(a.id > b.id));
}

/** How the store names a concurrency key of a tenant. */
export function keyIdsOf(task: Pick<TaskRecord, "tenantId" | "concurrencyKeys">): readonly string[] {
  return task.concurrencyKeys.map(({ key }) => scopedKey(task.tenantId, key));
}

interface KeyedEntry extends ReadyEntry {
  readonly keyIds: readonly string[];
}

/**
 * The queued tasks of one kind. Those that are not due lie apart, by time, so that they are never in the way; those that
 * are due lie in order, one list for each set of concurrency keys, so that a busy key is passed over in one step.
 */
export class ReadyQueue {
  readonly #later = new SortedList<KeyedEntry>(compareDue);
  readonly #groups = new Map<string, ReadyGroup>();
  /** The latest time in the groups. */
  #promotedAt: EpochMs = Number.NEGATIVE_INFINITY;

  /** A task that is due at once goes where the next claim looks, so that no claim has to sort a great many. */
  add(task: TaskRecord, now: EpochMs): void {
    if (task.scheduledAt <= now) this.#promote(entryOf(task));
    else this.#later.add(entryOf(task));
  }

  delete(task: TaskRecord): void {
    const entry = entryOf(task);
    if (this.#later.delete(entry)) return;
    const signature = scopedKey(...entry.keyIds);
    const group = this.#groups.get(signature);
    group?.entries.delete(entry);
    if (group?.entries.size === 0) this.#groups.delete(signature);
  }

  /** The groups that have due tasks. */
  due(now: EpochMs): MapIterator<ReadyGroup> {
    if (now < this.#promotedAt) this.#takeBack(now);
    for (let next = this.#later.first(); next && next.scheduledAt <= now; next = this.#later.first()) {
      this.#later.delete(next);
      this.#promote(next);
    }
    return this.#groups.values();
  }

  /** When the next task that is not due falls due; null = there is none. Ask after `due`. */
  nextDueAt(): EpochMs | null {
    return this.#later.first()?.scheduledAt ?? null;
  }

  #promote(entry: KeyedEntry): void {
    const signature = scopedKey(...entry.keyIds);
    const group = this.#groups.get(signature) ?? { keyIds: entry.keyIds, entries: new SortedList(compareReady) };
    group.entries.add(entry);
    this.#groups.set(signature, group);
    this.#promotedAt = Math.max(this.#promotedAt, entry.scheduledAt);
  }

  // The clock was set back: what it had called due is not due any more.
  #takeBack(now: EpochMs): void {
    this.#promotedAt = now;
    for (const [signature, group] of this.#groups) {
      for (const entry of [...group.entries].filter(({ scheduledAt }) => scheduledAt > now)) {
        group.entries.delete(entry);
        this.#later.add({ ...entry, keyIds: group.keyIds });
      }
      if (group.entries.size === 0) this.#groups.delete(signature);
    }
  }
}

function entryOf(task: TaskRecord): KeyedEntry {
  return { id: task.id, priority: task.priority, scheduledAt: task.scheduledAt, keyIds: keyIdsOf(task) };
}
