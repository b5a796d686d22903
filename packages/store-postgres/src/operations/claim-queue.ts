import type { TaskRecord } from "@millrace/models";
import type { ClaimPlace } from "@millrace/store-sql";
import type { Sql } from "../connection/session.ts";
import { place } from "../row/task-flags.ts";
import { type StoredTask, storedTask, taskColumns } from "../row/task-row.ts";
import { lockKeysOf } from "../transaction/key-rows.ts";
import { readClock, readLocked } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { currentOf } from "./current-tasks.ts";

/** The ready tasks of a kind behind a place, in the order of claims, locked; those that others claim are left out. */
export const selectReady: Sql = (n) => `
select ${taskColumns}, q.version as queued_version from (select q.* from ${n.queue} q where q.place = ${place.ready} and q.kind = $1
  and ($2::smallint is null or q.priority < $2::smallint
    or (q.priority = $2::smallint and (q.scheduled_at, q.id) > ($3::bigint, $4::uuid)))
  order by q.priority desc, q.scheduled_at, q.id limit $5 for update skip locked) q
cross join lateral (select * from ${n.task} x where x.id = q.id offset 0) t
left join lateral (select * from ${n.running} x where x.id = q.id offset 0) r on true
order by q.priority desc, q.scheduled_at, q.id`;

/** A task in its place in the order of claims. */
export interface ClaimHead extends ClaimPlace {
  readonly stored: StoredTask;
}

/** Locks the next so many ready tasks of a kind. */
export async function lockReady(
  tx: StoreTransaction,
  kind: string,
  { after, limit }: { readonly after: TaskRecord | null; readonly limit: number },
): Promise<readonly StoredTask[]> {
  const from = [after?.priority ?? null, after?.scheduledAt ?? null, after?.id ?? null];
  const rows = await tx.query(selectReady, [kind, ...from, limit]);
  const found = await currentOf(rows.map(storedTask), {
    versions: rows.map((row) => Number(row.at(-1))),
    read: (ids) => tx.query(readLocked, [ids]),
  });
  for (const stored of found) tx.held.set(stored.task.id, stored);
  return found;
}

/** Locks the keys of ready tasks: of all that a claim begins with at once, so that they are taken in their order. */
export async function lockKeysOfReady(tx: StoreTransaction, found: readonly StoredTask[]): Promise<void> {
  const keyed = found.filter(({ task }) => task.concurrencyKeys.length > 0).map(({ task }) => task);
  if (keyed.length === 0) return;
  await lockKeysOf(tx, keyed);
  // The keys may have been waited for.
  await readClock(tx);
}

/** Reads the ready tasks of one kind in pieces, in order, while the claim takes some of them away. */
export class ClaimQueue {
  readonly #tx: StoreTransaction;
  readonly kind: string;
  readonly #pieceSize: number;
  #piece: readonly StoredTask[] = [];
  #at = 0;
  #isAtEnd = false;

  constructor(tx: StoreTransaction, kind: string, pieceSize: number) {
    this.#tx = tx;
    this.kind = kind;
    this.#pieceSize = pieceSize;
  }

  /** Reads the first piece, whose keys the caller locks. */
  async begin(): Promise<readonly StoredTask[]> {
    await this.#readOn();
    return this.#piece;
  }

  /** The first task not yet looked at. */
  async head(): Promise<ClaimHead | null> {
    if (this.#at >= this.#piece.length && !this.#isAtEnd) {
      await this.#readOn();
      await lockKeysOfReady(this.#tx, this.#piece);
    }
    const stored = this.#piece[this.#at];
    return stored ? headOf(stored, 0) : null;
  }

  /** Goes on behind the head: it was taken out of the queue, or left in it. */
  goOn(_what: "taken" | "parked" | "passed"): void {
    this.#at += 1;
  }

  async #readOn(): Promise<void> {
    const after = this.#piece.at(-1)?.task ?? null;
    this.#piece = await lockReady(this.#tx, this.kind, { after, limit: this.#pieceSize });
    this.#at = 0;
    this.#isAtEnd = this.#piece.length < this.#pieceSize;
  }
}

/** The place of a task in the order of claims. */
export function headOf(stored: StoredTask, rank: number): ClaimHead {
  const { priority, scheduledAt, id } = stored.task;
  return { stored, priority, rank, scheduledAt, id };
}
