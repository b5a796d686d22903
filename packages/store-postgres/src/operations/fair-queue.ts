import { FairTurns } from "@millrace/store-sql";
import type { StoredTask } from "../row/task-row.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { type ClaimHead, headOf, lockReady } from "./claim-queue.ts";

// Tasks behind a full key are parked, so what is ready is little more than the keys have room for.
const mostLookedAt = 5_000;

/** The ready tasks of a kind with `fairness: "key"`, read and locked at once. */
export class FairQueue {
  readonly kind: string;
  readonly #tx: StoreTransaction;
  #turns: FairTurns<StoredTask, ClaimHead> | null = null;

  constructor(tx: StoreTransaction, kind: string) {
    this.#tx = tx;
    this.kind = kind;
  }

  /** Reads them, whose keys the caller locks. */
  async begin(): Promise<readonly StoredTask[]> {
    const tasks = await lockReady(this.#tx, this.kind, { after: null, limit: mostLookedAt });
    this.#turns = new FairTurns(tasks, { keysOf, headOf });
    return tasks;
  }

  async head(): Promise<ClaimHead | null> {
    return this.#turns?.head() ?? null;
  }

  goOn(what: "taken" | "parked" | "passed"): void {
    this.#turns?.goOn(what);
  }
}

function keysOf({ task }: StoredTask): string {
  const { tenantId, concurrencyKeys } = task;
  return concurrencyKeys.length === 0 ? "" : JSON.stringify([tenantId, ...concurrencyKeys.map(({ key }) => key)]);
}
