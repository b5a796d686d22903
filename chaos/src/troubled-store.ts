import { type Random, TaskError, type TaskStore } from "@millrace/models";

/** How often a call is never sent, and how often its reply is lost. */
const notSent = 0.01;
const replyLost = 0.02;

/** A store with troubles, until they are healed. */
export interface TroubledStore<Tx> {
  readonly store: TaskStore<Tx>;
  heal(): void;
}

/**
 * A store whose answers to a host are lost now and then, and that from time to time does not answer at all for longer
 * than a lease: what was sent then arrives late. Between two such times lie one second and at most `mostMs` more.
 */
export function troubledStore<Tx>(store: TaskStore<Tx>, random: Random, mostMs: number): TroubledStore<Tx> {
  let isHealed = false;
  let stalled: Promise<void> = Promise.resolve();
  const stall = async (): Promise<void> => {
    await wait(1_000 + random.next() * mostMs);
    if (isHealed) return;
    stalled = wait(1_500 + random.next() * 1_000);
    await stalled;
    return stall();
  };
  void stall();

  const troubled = <Asks extends readonly unknown[], Answer>(call: (...asks: Asks) => Promise<Answer>) => {
    return async (...asks: Asks): Promise<Answer> => {
      await stalled;
      const chance = isHealed ? 1 : random.next();
      if (chance < notSent) throw new TaskError("STORE_UNAVAILABLE", "The call was not sent.");
      const answer = await call(...asks);
      if (chance < notSent + replyLost) throw new TaskError("STORE_UNAVAILABLE", "The reply was lost.");
      return answer;
    };
  };
  return {
    store: {
      ...store,
      claim: troubled(store.claim),
      extend: troubled(store.extend),
      report: troubled(store.report),
      settle: troubled(store.settle),
      memo: troubled(store.memo),
      expire: troubled(store.expire),
    },
    heal() {
      isHealed = true;
    },
  };
}

/** Does not keep the process alive. */
function wait(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref());
}
