import type { MemoryState } from "./memory-state.ts";
import { compareReady, type ReadyEntry, type ReadyGroup } from "./ready-queue.ts";
import { SortedList } from "./sorted-list.ts";

/** The next due task of a kind among those that carry the same concurrency keys. */
export interface ClaimHead {
  readonly kind: string;
  readonly group: ReadyGroup;
  readonly entry: ReadyEntry;
  /** How many of the group and this priority come before it; always 0 for a kind without fairness. */
  readonly rank: number;
}

/**
 * The due tasks of several kinds in the order of claims: priority, fair rank, time, id. With `fairness: "key"` the groups
 * of concurrency keys take turns within a priority. A head that is not followed by `goOn` takes its group out.
 */
export class ClaimOrder {
  readonly #heads = new SortedList<ClaimHead>(compareHeads);
  readonly #fairKinds: ReadonlySet<string>;

  constructor(state: MemoryState, kinds: readonly string[]) {
    this.#fairKinds = new Set(kinds.filter((kind) => state.kinds.get(kind)?.record.fairness === "key"));
    for (const kind of kinds) {
      for (const group of state.tasks.queueOf(kind).due(state.now)) {
        this.#offer(kind, group, { entry: group.entries.first(), rank: 0 });
      }
    }
  }

  next(): ClaimHead | undefined {
    const head = this.#heads.first();
    if (head) this.#heads.delete(head);
    return head;
  }

  /** Offers the task behind a head. One that was only passed over does not use up its group's turn. */
  goOn(head: ClaimHead, what: "taken" | "passed"): void {
    const entry = head.group.entries.after(head.entry);
    const isSameTurn = entry?.priority === head.entry.priority;
    const rank = isSameTurn ? head.rank + (what === "taken" ? 1 : 0) : 0;
    this.#offer(head.kind, head.group, { entry, rank });
  }

  #offer(kind: string, group: ReadyGroup, next: { entry: ReadyEntry | undefined; rank: number }): void {
    const { entry, rank } = next;
    if (entry) this.#heads.add({ kind, group, entry, rank: this.#fairKinds.has(kind) ? rank : 0 });
  }
}

function compareHeads(a: ClaimHead, b: ClaimHead): number {
  return b.entry.priority - a.entry.priority || a.rank - b.rank || compareReady(a.entry, b.entry);
}
