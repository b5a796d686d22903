import type { StoreTransaction } from "../transaction/store-transaction.ts";
import type { Session } from "../connection/session.ts";
import { inSavepoint } from "./caller-savepoint.ts";

/** Runs `work` in the transaction that a caller has begun, whole or not at all. It is never run again. */
export function writeWithin<Answer>(
  session: Session,
  tx: StoreTransaction,
  work: (tx: StoreTransaction) => Promise<Answer>,
): Promise<Answer> {
  return inSavepoint(session, async () => {
    const made = await work(tx);
    tx.flush();
    await tx.written();
    return made;
  });
}
