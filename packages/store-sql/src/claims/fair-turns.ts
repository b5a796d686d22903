import { type ClaimPlace, comesBefore } from "./claim-place.ts";

/** Ready tasks that carry the same concurrency keys. */
interface Group<Ready> {
  readonly tasks: readonly Ready[];
  at: number;
  /** How many of this priority were taken before. */
  rank: number;
}

/** How a store's ready tasks are read. */
export interface ReadyReader<Ready, Head extends ClaimPlace> {
  /** A text that is the same for tasks of the same keys. */
  readonly keysOf: (ready: Ready) => string;
  readonly headOf: (ready: Ready, rank: number) => Head;
}

/**
 * The ready tasks of a kind with `fairness: "key"`: within a priority the groups of concurrency keys take turns. A task
 * that was only passed over does not use up its group's turn.
 */
export class FairTurns<Ready, Head extends ClaimPlace> {
  readonly #read: ReadyReader<Ready, Head>;
  readonly #groups: readonly Group<Ready>[];
  #first: { readonly group: Group<Ready>; readonly head: Head } | null = null;

  /** `ready`: in the order of claims. */
  constructor(ready: readonly Ready[], read: ReadyReader<Ready, Head>) {
    this.#read = read;
    this.#groups = [...Map.groupBy(ready, read.keysOf).values()].map((tasks) => ({ tasks, at: 0, rank: 0 }));
  }

  /** The task whose turn it is; null when there is none left. */
  head(): Head | null {
    this.#first ??= this.#find();
    return this.#first?.head ?? null;
  }

  /** Goes on behind the head: it was taken, its keys turned out to be full, or it was left. */
  goOn(what: "taken" | "parked" | "passed"): void {
    if (!this.#first) return;
    const { group, head } = this.#first;
    this.#first = null;
    group.at += 1;
    // What blocks one task of a group blocks them all.
    if (what === "parked") group.at = group.tasks.length;
    const next = this.#headOf(group);
    if (next?.priority !== head.priority) group.rank = 0;
    else if (what === "taken") group.rank += 1;
  }

  #find(): { readonly group: Group<Ready>; readonly head: Head } | null {
    let first: { readonly group: Group<Ready>; readonly head: Head } | null = null;
    for (const group of this.#groups) {
      const head = this.#headOf(group);
      if (head && (!first || comesBefore(head, first.head))) first = { group, head };
    }
    return first;
  }

  #headOf(group: Group<Ready>): Head | null {
    const ready = group.tasks[group.at];
    return ready === undefined ? null : this.#read.headOf(ready, group.rank);
  }
}
