import type { EnqueueGroup, TaskStoreWithin } from "@millrace/models";
import type { Engine } from "../connection/engine.ts";
import { enqueue, waitsForKeys } from "../operations/enqueue.ts";
import { settle } from "../operations/settle.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { keepingLockTimeout } from "./caller-savepoint.ts";
import { callerSession } from "./caller-session.ts";
import { callerQuery, type CallerTransaction } from "./caller-transaction.ts";

/** Enqueue and settle inside the caller's own transaction. */
export function createWithin(engine: Engine): (tx: CallerTransaction) => TaskStoreWithin {
  // Savepoints nest: two calls at once in one transaction would roll back each other's work.
  const last = new WeakMap<CallerTransaction, Promise<unknown>>();

  return (tx) => {
    const session = callerSession(callerQuery(tx), engine.statements);
    const inTurn = <Answer>(work: (own: StoreTransaction) => Promise<Answer>): Promise<Answer> => {
      const done = (last.get(tx) ?? Promise.resolve()).then(() => engine.within(session, work));
      last.set(
        tx,
        done.catch(() => null),
      );
      return done;
    };
    const enqueueAll = (groups: readonly EnqueueGroup[]): ReturnType<TaskStoreWithin["enqueue"]> =>
      inTurn((own) => {
        const work = (): ReturnType<typeof enqueue> => enqueue(own, groups);
        return waitsForKeys(groups) ? keepingLockTimeout(session, work) : work();
      });
    return {
      enqueue: async (groups) => (groups.length === 0 ? [] : enqueueAll(groups)),
      settle: async (settlements) => (settlements.length === 0 ? [] : inTurn((own) => settle(own, settlements))),
    };
  };
}
