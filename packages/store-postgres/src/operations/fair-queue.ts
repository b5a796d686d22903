import type { StoredTask } from "../row/task-row.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { type ClaimHead, comesBefore, headOf, lockReady } from "./claim-queue.ts";

// Tasks behind a full key are parked, so what is ready is little more than the keys have room for.
const mostLookedAt = 5_000;

/** Ready tasks that carry the same concurrency keys. */
interface Group {
  readonly tasks: readonly StoredTask[];
  at: number;
  /** How many of this priority were taken before. */
  rank: number;
}

/**
 * The ready tasks of a kind with `fairness: "key"`: within a priority the groups of concurrency keys take turns. A task
 * that was only passed over does not use up its group's turn.
 */
export class FairQueue {
  readonly kind: string;
  readonly #tx: StoreTransaction;
  #groups: readonly Group[] = [];
  #head: { readonly group: Group; readonly head: ClaimHead } | null = null;

  constructor(tx: StoreTransaction, kind: string) {
    this.#tx = tx;
    this.kind = kind;
  }

  /** Reads them, whose keys the caller locks. */
  async begin(): Promise<readonly StoredTask[]> {
    const tasks = await lockReady(this.#tx, this.kind, { after: null, limit: mostLookedAt });
    this.#groups = [...Map.groupBy(tasks, keysOf).values()].map((group) => ({ tasks: group, at: 0, rank: 0 }));
    return tasks;
  }

  async head(): Promise<ClaimHead | null> {
    this.#head ??= firstOf(this.#groups);
    return this.#head?.head ?? null;
  }

  goOn(what: "taken" | "parked" | "passed"): void {
    if (!this.#head) return;
    const { group, head } = this.#head;
    this.#head = null;
    group.at += 1;
    // What blocks one task of a group blocks them all.
    if (what === "parked") group.at = group.tasks.length;
    const next = group.tasks[group.at]?.task;
    if (next?.priority !== head.priority) group.rank = 0;
    else if (what === "taken") group.rank += 1;
  }
}

function firstOf(groups: readonly Group[]): { readonly group: Group; readonly head: ClaimHead } | null {
  let first: { readonly group: Group; readonly head: ClaimHead } | null = null;
  for (const group of groups) {
    const stored = group.tasks[group.at];
    if (!stored) continue;
    const head = headOf(stored, group.rank);
    if (!first || comesBefore(head, first.head)) first = { group, head };
  }
  return first;
}

function keysOf({ task }: StoredTask): string {
  const { tenantId, concurrencyKeys } = task;
  return concurrencyKeys.length === 0 ? "" : JSON.stringify([tenantId, ...concurrencyKeys.map(({ key }) => key)]);
}
