import type { LeaseAnswer, LeasedSettlement } from "@millrace/models";
import { eventCode, valueToColumn } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import type { SqliteValue } from "../driver/sqlite-database.ts";
import { code, plainToSucceed } from "../row/task-flags.ts";
import type { StoredTask } from "../row/task-row.ts";
import { cutBySize, inSizes, listOf, type Piece, runsOf } from "../transaction/rows-at-once.ts";
import { type StoreTransaction, WrongGuess } from "../transaction/store-transaction.ts";
import { rememberedLease } from "./lease-answer.ts";

// `ended` 6 is "by its owner, as succeeded". Times that are the same as another stay null. What all share is bound once: the
// times first, and last what the rows must be like.
const succeeds = `status = 6, lease_expires_at = null, ended = 6, updated_at = null, version = ?,
  started_at = coalesce(?, started_at), finished_at = ?`;
const isAsRemembered = "lease_token = ? and version = ? and flags = ?";

const succeedMany = inSizes((rows): Sql => {
  const values = listOf(rows, "(?, ?)");
  return (n) => `
update or fail ${n.task} set ${succeeds}, output = column2 from (values ${values})
where seq = column1 and ${isAsRemembered}`;
});
const succeedOne: Sql = (n) => `update ${n.task} set ${succeeds}, output = ? where seq = ? and ${isAsRemembered}`;

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

function isAlike(a: PlainSuccess, b: PlainSuccess): boolean {
  return (
    a.tellsStart === b.tellsStart &&
    a.stored.flags === b.stored.flags &&
    a.stored.task.version === b.stored.task.version &&
    a.stored.task.leaseToken === b.stored.task.leaseToken
  );
}

function succeedRun(tx: StoreTransaction, run: readonly PlainSuccess[]): readonly (LeaseAnswer | null)[] {
  const { pieces, rest } = cutBySize(run, tx.mayGuess ? succeedMany : []);
  return [
    ...pieces.flatMap((piece) => succeedPiece(tx, piece)),
    ...rest.map((success) => (succeedAlone(tx, success) ? told(tx, success) : null)),
  ];
}

function succeedPiece(tx: StoreTransaction, { sql, items }: Piece<PlainSuccess>): readonly LeaseAnswer[] {
  const [first] = items;
  if (!first) return [];
  const rows = items.flatMap(({ stored, output }) => [stored.seq, output]);
  const { changes } = tx.use(sql).run(...times(tx, first), ...rows, ...remembered(first));
  if (Number(changes) !== items.length) throw new WrongGuess();
  return items.map((success) => told(tx, success));
}

function succeedAlone(tx: StoreTransaction, success: PlainSuccess): boolean {
  const { stored, output } = success;
  const { changes } = tx.use(succeedOne).run(...times(tx, success), output, stored.seq, ...remembered(success));
  return Number(changes) === 1;
}

function times(tx: StoreTransaction, success: PlainSuccess): readonly SqliteValue[] {
  return [versionAfter(success), success.tellsStart ? tx.now : null, tx.now];
}

function remembered({ stored: { flags, task } }: PlainSuccess): readonly SqliteValue[] {
  return [task.leaseToken, task.version, flags];
}

function versionAfter({ stored, tellsStart }: PlainSuccess): number {
  return stored.task.version + (tellsStart ? 2 : 1);
}

/** Tells what was written, and answers it. */
function told(tx: StoreTransaction, success: PlainSuccess): LeaseAnswer {
  const { code: was, task } = success.stored;
  const { id, tenantId, kind, hostId, attempt } = task;
  const version = versionAfter(success);
  const fields = { at: tx.now, tenantId, kind, was, became: code.succeeded, reason: null, hostId };
  if (success.tellsStart) tx.journal.tellBoth(fields, { id, version, attempt });
  else tx.journal.tellShort({ ...fields, type: succeeded }, { id, version, attempt });
  tx.counts.move(task, was, code.succeeded);
  tx.leases.delete(id);
  return { status: "held", version, next: "succeeded" };
}
