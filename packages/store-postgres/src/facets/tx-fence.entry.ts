import { systemRandom, type TxFence } from "@millrace/models";
import { callerSession } from "../caller/caller-session.ts";
import { callerQuery } from "../caller/caller-transaction.ts";
import { writeWithin } from "../caller/write-within.ts";
import { Statements } from "../connection/session.ts";
import { storeError } from "../connection/store-error.ts";
import { tableNames } from "../connection/table-names.ts";
import { settle } from "../operations/settle.ts";
import { StoreTransaction } from "../transaction/store-transaction.ts";

/** What a handler's side needs to find the tables. Plain data. */
export interface PostgresTxFenceOptions {
  readonly schema: string;
  readonly tablePrefix: string;
}

/** Settles inside the caller's own transaction, by whichever library has begun it. */
export function openTxFence({ schema, tablePrefix }: PostgresTxFenceOptions): TxFence {
  const statements = new Statements(tableNames(schema, tablePrefix), false);
  return {
    async settle(tx, settlement) {
      const session = callerSession(callerQuery(tx), statements);
      const own = new StoreTransaction({ session, clock: null, random: systemRandom, knownKinds: new Set() });
      try {
        const [answer] = await writeWithin(session, own, (within) => settle(within, [settlement]));
        return answer ?? { status: "lost", why: "not-found" };
      } catch (error) {
        throw storeError(error, "the database of the given transaction");
      }
    },
  };
}
