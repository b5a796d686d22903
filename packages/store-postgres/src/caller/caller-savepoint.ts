import { isTaskError, TaskError } from "@millrace/models";
import type { Session, Sql } from "../connection/session.ts";
import { isConnectionLost } from "../connection/store-error.ts";

const savepoint: Sql = () => "savepoint millrace_within";
const release: Sql = () => "release savepoint millrace_within";
const rollbackTo: Sql = () => "rollback to savepoint millrace_within";
const lockTimeout: Sql = () => "select current_setting('lock_timeout') as now";
const setLockTimeout: Sql = () => "select set_config('lock_timeout', $1, true) as now";

/**
 * Runs `work` in a caller's transaction as a whole or not at all: when something fails, the transaction is as it was before
 * and may go on.
 *
 * @throws `TX_UNSUPPORTED` when there is no transaction, or one that has failed or ended
 */
export async function inSavepoint<Answer>(session: Session, work: () => Promise<Answer>): Promise<Answer> {
  // Awaited: without a transaction, whatever came next would stand on its own.
  await session.run(savepoint).catch((error: unknown) => {
    throw isTaskError(error) || isConnectionLost(error) ? error : noTransaction(error);
  });
  try {
    const answer = await work();
    await session.run(release);
    return answer;
  } catch (error) {
    if (!isConnectionLost(error))
      await session.run(rollbackTo).then(
        () => session.run(release),
        () => null,
      );
    throw error;
  }
}

/** Runs `work`, which may set `lock_timeout`, and sets it back: the caller's own statements must go on as before. */
export async function keepingLockTimeout<Answer>(session: Session, work: () => Promise<Answer>): Promise<Answer> {
  const [before] = await session.run(lockTimeout);
  const answer = await work();
  await session.run(setLockTimeout, [before?.[0]]);
  return answer;
}

function noTransaction(cause: unknown): TaskError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new TaskError("TX_UNSUPPORTED", `There is no transaction to work in: ${why}.`, {
    fix: "Call it between BEGIN and COMMIT of that transaction, with its own client rather than a pool or the database.",
    cause,
  });
}
