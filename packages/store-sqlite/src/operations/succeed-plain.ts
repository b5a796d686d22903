import type { LeaseAnswer, LeasedSettlement } from "@millrace/models";
import { eventCode, startedAndSucceeded, valueToColumn } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import type { SqliteValue } from "../driver/sqlite-database.ts";
import { code, plainToSucceed } from "../row/task-flags.ts";
import type { StoredTask } from "../row/task-row.ts";
import { inSizes, listOf, type Piece, piecesOf, runsOf, type TaskSizes } from "../transaction/rows-at-once.ts";
import { type StoreTransaction, WrongGuess } from "../transaction/store-transaction.ts";
import { rememberedLease } from "./lease-answer.ts";

// `ended` 6 is "by its owner, as succeeded". Times that are the same as another stay null. What all share is bound once: the
// times first, and last what the rows must be like.
const succeeds = `status = 6, lease_expires_at = null, ended = 6, updated_at = null, version = ?,
  started_at = coalesce(?, started_at), finished_at = ?`;
const isAsRemembered = "lease_token = ? and version = ? and flags = ?";

const succeedSizes: TaskSizes = {
  many: inSizes((rows): Sql => {
    const values = listOf(rows, "(?, ?)");
    return (n) => `
update or fail ${n.task} set ${succeeds}, output = column1 from (values ${values})
where seq = column2 and ${isAsRemembered}`;
  }),
  one: (n) => `update ${n.task} set ${succeeds}, output = ? where seq = ? and ${isAsRemembered}`,
};

const succeeded = eventCode("succeeded") ?? 0;

/** A success of a task of which nothing needs to follow. */
export interface PlainSuccess {
  readonly asked: LeasedSettlement;
  readonly stored: StoredTask;
  readonly tellsStart: boolean;
  readonly output: SqliteValue;
}

/** The success that a settlement is, if it is one for the short statement; null for every other. */
export function plainSuccessOf(tx: StoreTransaction, asked: LeasedSettlement): PlainSuccess | null {
  const { settlement } = asked;
  if (settlement.type !== "succeed") return null;
  const stored = rememberedLease(tx, asked);
  if (!stored || (stored.flags & ~plainToSucceed) !== 0) return null;
  const tellsStart = asked.started && !stored.task.started;
  return { asked, stored, tellsStart, output: valueToColumn(settlement.output) };
}

/**
 * M6 of them, many in one short statement that needs no read: what the move makes of a row is what `applyMove` would make of
 * it. Null, and nothing done, for one whose row is not as it was remembered; several in one statement cannot tell which, and throw
 * `WrongGuess`.
 */
export function succeedPlain(
  tx: StoreTransaction,
  successes: readonly PlainSuccess[],
): readonly (LeaseAnswer | null)[] {
  return runsOf(successes, isAlike).flatMap((run) => succeedRun(tx, run));
}

// What the row must be like is bound once, and what is told of it said once. Of one token are one claim and one host.
function isAlike(a: PlainSuccess, b: PlainSuccess): boolean {
  const [task, other] = [a.stored.task, b.stored.task];
  return (
    a.tellsStart === b.tellsStart &&
    a.stored.flags === b.stored.flags &&
    a.stored.code === b.stored.code &&
    task.version === other.version &&
    task.leaseToken === other.leaseToken &&
    task.kind === other.kind &&
    task.tenantId === other.tenantId
  );
}

function succeedRun(
  tx: StoreTransaction,
  run: readonly [PlainSuccess, ...PlainSuccess[]],
): readonly (LeaseAnswer | null)[] {
  return piecesOf(tx, run, succeedSizes).flatMap((piece) => succeedPiece(tx, run[0], piece));
}

function succeedPiece(
  tx: StoreTransaction,
  like: PlainSuccess,
  { sql, items }: Piece<PlainSuccess>,
): readonly (LeaseAnswer | null)[] {
  const { flags, task } = like.stored;
  const values: SqliteValue[] = [versionAfter(like), like.tellsStart ? tx.now : null, tx.now];
  for (const { stored, output } of items) values.push(output, stored.seq);
  const { changes } = tx.use(sql).run(...values, task.leaseToken, task.version, flags);
  if (Number(changes) === items.length) {
    const answer = tellSuccesses(tx, like, items);
    return items.map(() => answer);
  }
  if (items.length > 1) throw new WrongGuess();
  return [null];
}

function versionAfter({ stored, tellsStart }: PlainSuccess): number {
  return stored.task.version + (tellsStart ? 2 : 1);
}

/** Tells what was written of all, which are like this one, and gives the answer to each. */
function tellSuccesses(tx: StoreTransaction, like: PlainSuccess, all: readonly PlainSuccess[]): LeaseAnswer {
  const { code: was, task } = like.stored;
  const { tenantId, kind, hostId } = task;
  const type = like.tellsStart ? startedAndSucceeded : succeeded;
  const version = versionAfter(like);
  tx.journal.tellMany(
    { type, at: tx.now, tenantId, kind, was, became: code.succeeded, reason: null, hostId },
    all.map(({ stored }) => ({ id: stored.task.id, version, attempt: stored.task.attempt })),
  );
  tx.counts.add(task, was, -all.length);
  tx.counts.add(task, code.succeeded, all.length);
  for (const { stored } of all) tx.leases.delete(stored.task.id);
  return { status: "held", version, next: "succeeded" };
}
