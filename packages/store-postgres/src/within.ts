import { TaskError, type TaskStoreWithin } from "@millrace/models";
import type { Engine } from "./connection/engine.ts";
import { callerSession, type CallerTransaction } from "./connection/caller-session.ts";
import { enqueue } from "./operations/enqueue.ts";
import { settle } from "./operations/settle.ts";

/** Enqueue and settle inside the caller's own transaction. */
export function createWithin(engine: Engine): (tx: CallerTransaction) => TaskStoreWithin {
  return (tx) => {
    if (typeof tx !== "object" || tx === null || typeof tx.query !== "function") {
      throw new TaskError("TX_UNSUPPORTED", "within takes the client of `pg` that your transaction is on.", {
        fix: "Pass the client between BEGIN and COMMIT, or anything with `query(text, values)` that answers `{ rows }`.",
      });
    }
    const session = callerSession(tx, engine.statements);
    return {
      enqueue: async (groups) => (groups.length === 0 ? [] : engine.within(session, (own) => enqueue(own, groups))),
      settle: async (settlements) =>
        settlements.length === 0 ? [] : engine.within(session, (own) => settle(own, settlements)),
    };
  };
}
