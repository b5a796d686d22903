import { fixedOfColumn } from "@millrace/store-sql";
import { flag } from "../row/task-flags.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { type ClaimHead, comesBefore, headOf, type ReadyRow, selectReady } from "./claim-queue.ts";

// Tasks behind a full key are parked, so what is ready is little more than the keys have room for.
const mostLookedAt = 5_000;

/** Ready tasks that carry the same concurrency keys. */
interface Group {
  readonly rows: readonly ReadyRow[];
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
  readonly #groups: Group[];
  #head: { readonly group: Group; readonly head: ClaimHead } | null = null;

  constructor(tx: StoreTransaction, kind: string) {
    this.kind = kind;
    const rows = tx.use(selectReady).all(kind, tx.now, mostLookedAt, 0) as unknown as readonly ReadyRow[];
    this.#groups = [...Map.groupBy(rows, keysOf).values()].map((group) => ({ rows: group, at: 0, rank: 0 }));
  }

  head(): ClaimHead | null {
    this.#head ??= this.#first();
    return this.#head?.head ?? null;
  }

  goOn(what: "taken" | "parked" | "passed"): void {
    if (!this.#head) return;
    const { group, head } = this.#head;
    this.#head = null;
    group.at += 1;
    // What blocks one task of a group blocks them all.
    if (what === "parked") group.at = group.rows.length;
    const next = group.rows[group.at];
    if (next?.[5] !== head.priority) group.rank = 0;
    else if (what === "taken") group.rank += 1;
  }

  #first(): { readonly group: Group; readonly head: ClaimHead } | null {
    let first: { readonly group: Group; readonly head: ClaimHead } | null = null;
    for (const group of this.#groups) {
      const row = group.rows[group.at];
      if (!row) continue;
      const head = headOf(row, group.rank);
      if (!first || comesBefore(head, first.head)) first = { group, head };
    }
    return first;
  }
}

function keysOf(row: ReadyRow): string {
  if ((row[4] & flag.keys) === 0) return "";
  const { concurrencyKeys } = fixedOfColumn(row[11]);
  return JSON.stringify([row[2], ...concurrencyKeys.map(({ key }) => key)]);
}
