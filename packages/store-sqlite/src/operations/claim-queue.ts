import type { ClaimPlace } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import type { SqliteValue } from "../driver/sqlite-database.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";

/** What the short claim needs of a row beside its kind, which is asked for; whatever else a task in its first attempt has is null. */
export type ReadyRow = readonly [
  seq: number,
  id: string,
  tenantId: string,
  flags: number,
  priority: number,
  scheduledAt: number,
  version: number,
  failures: number,
  createdAt: number,
  input: SqliteValue,
  fixed: string | null,
  attempt: number,
];

/** The queued tasks of a kind that are due, in the order of claims. */
export const selectReady: Sql = (n) => `
select seq, id, tenant_id, flags, priority, scheduled_at, version, failures, created_at, input, fixed, attempt
from ${n.task} indexed by ${n.task}_ready
where status = 1 and kind = ? and scheduled_at <= ?
order by priority desc, scheduled_at, id limit ? offset ?`;

/** Not-due tasks of a kind that have fallen due, the longest due first. */
export const selectFallenDue: Sql = (n) =>
  `select seq from ${n.due} where kind = ? and due_at <= ? order by due_at limit ?`;
export const selectNextDue: Sql = (n) => `select due_at from ${n.due} where kind = ? order by due_at limit 1`;

/** A task in its place in the order of claims. */
export interface ClaimHead extends ClaimPlace {
  readonly row: ReadyRow;
}

/** What a queue reads, and how. */
export interface ClaimQueueOptions {
  readonly kind: string;
  readonly pieceSize: number;
  /** Writes what was taken and not yet written: it leaves the queue with its row. */
  readonly beforeReading: () => void;
}

/** Reads the ready tasks of one kind in pieces, in order, while the claim takes some of them away. */
export class ClaimQueue {
  readonly #tx: StoreTransaction;
  readonly kind: string;
  readonly #pieceSize: number;
  readonly #beforeReading: () => void;
  #piece: readonly ReadyRow[] = [];
  #at = 0;
  // Tasks that were looked at and left stay before those still to come.
  #passed = 0;
  #isAtEnd = false;

  constructor(tx: StoreTransaction, { kind, pieceSize, beforeReading }: ClaimQueueOptions) {
    this.#tx = tx;
    this.kind = kind;
    this.#pieceSize = pieceSize;
    this.#beforeReading = beforeReading;
  }

  /** The first task not yet looked at. */
  head(): ClaimHead | null {
    if (this.#at >= this.#piece.length && !this.#isAtEnd) this.#readOn();
    const row = this.#piece[this.#at];
    if (!row) return null;
    return headOf(row, 0);
  }

  /** Goes on behind the head: it was taken out of the queue, or left in it. */
  goOn(what: "taken" | "parked" | "passed"): void {
    this.#at += 1;
    if (what === "passed") this.#passed += 1;
  }

  #readOn(): void {
    this.#beforeReading();
    this.#piece = this.#tx
      .use(selectReady)
      .all(this.kind, this.#tx.now, this.#pieceSize, this.#passed) as unknown as readonly ReadyRow[];
    this.#at = 0;
    this.#isAtEnd = this.#piece.length < this.#pieceSize;
  }
}

/** The place of a row in the order of claims. */
export function headOf(row: ReadyRow, rank: number): ClaimHead {
  return { row, priority: row[4], rank, scheduledAt: row[5], id: row[1] };
}
