import { FairTurns, fixedOfColumn } from "@millrace/store-sql";
import { flag } from "../row/task-flags.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { type ClaimHead, headOf, type ReadyRow, selectReady } from "./claim-queue.ts";

// Tasks behind a full key are parked, so what is ready is little more than the keys have room for.
const mostLookedAt = 5_000;

/** The ready tasks of a kind with `fairness: "key"`, read at once. */
export class FairQueue {
  readonly kind: string;
  readonly #turns: FairTurns<ReadyRow, ClaimHead>;

  constructor(tx: StoreTransaction, kind: string) {
    this.kind = kind;
    const rows = tx.use(selectReady).all(kind, tx.now, mostLookedAt, 0) as unknown as readonly ReadyRow[];
    this.#turns = new FairTurns(rows, { keysOf, headOf });
  }

  head(): ClaimHead | null {
    return this.#turns.head();
  }

  goOn(what: "taken" | "parked" | "passed"): void {
    this.#turns.goOn(what);
  }
}

function keysOf(row: ReadyRow): string {
  if ((row[3] & flag.keys) === 0) return "";
  const { concurrencyKeys } = fixedOfColumn(row[10]);
  return JSON.stringify([row[2], ...concurrencyKeys.map(({ key }) => key)]);
}
