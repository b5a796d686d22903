import type { Clock, LeaseAnswer, LeasedSettlement, TaskStore } from "@millrace/models";
import { pause } from "./pause.ts";
import type { StoreTrouble } from "./store-trouble.ts";

/** Settles attempts, many in one call. */
export interface SettleQueue {
  /** `onAnswer` is called once with the store's answer; with null when the queue was closed before the store took it. */
  add(settlement: LeasedSettlement, onAnswer: OnSettleAnswer): void;
  /** How many are on their way. */
  readonly size: number;
  /** Ends when all that was added is answered. */
  whenEmpty(): Promise<void>;
  /** Gives up what the store has not taken. */
  close(): void;
}

/** Hears what became of a settlement. Must not throw. */
export type OnSettleAnswer = (answer: LeaseAnswer | null) => void;

interface Entry {
  readonly settlement: LeasedSettlement;
  readonly onAnswer: OnSettleAnswer;
}

/**
 * Makes the queue. While nothing is in flight a settlement leaves at the end of the current turn; what comes meanwhile leaves together.
 * A store that fails gets the same batch again, for as long as it takes: the claim is kept by the heartbeat, and a settlement that was
 * stored although the answer was lost is answered `replayed`. After a failed batch they go one by one, so that one the store
 * chokes on cannot hold up the others.
 */
export function createSettleQueue(ports: {
  readonly store: Pick<TaskStore, "settle">;
  readonly clock: Clock;
  readonly trouble: StoreTrouble;
  /** How many settlements travel in one call at most. */
  readonly batchSize: number;
}): SettleQueue {
  const { store, clock, trouble } = ports;
  const closing = new AbortController();
  const waiters = new Set<() => void>();
  let waiting: Entry[] = [];
  let size = 0;
  let flushing = false;

  const send = async (batch: readonly Entry[]): Promise<boolean> => {
    let answers: readonly LeaseAnswer[];
    try {
      answers = await store.settle(batch.map((entry) => entry.settlement));
    } catch (error) {
      const delayMs = trouble.failed(error);
      // Back to the front, in order.
      waiting = [...batch, ...waiting];
      await pause(clock, delayMs, closing.signal);
      return false;
    }
    trouble.answered();
    batch.forEach((entry, index) => answer(entry, answers[index] ?? null));
    return true;
  };

  const answer = (entry: Entry, found: LeaseAnswer | null): void => {
    size -= 1;
    entry.onAnswer(found);
  };

  const flush = async (): Promise<void> => {
    // What settles in the same turn leaves in the same call.
    await Promise.resolve();
    let { batchSize } = ports;
    while (waiting.length > 0 && !closing.signal.aborted) {
      const batch = waiting.slice(0, batchSize);
      waiting = waiting.slice(batchSize);
      const done = await send(batch);
      if (done) batchSize = Math.min(ports.batchSize, batchSize * 2);
      else {
        batchSize = 1;
        // Another one first: the store may have choked on just this one.
        if (waiting.length > 1) waiting = [...waiting.slice(1), ...waiting.slice(0, 1)];
      }
    }
    flushing = false;
    if (closing.signal.aborted) giveUp();
    if (size > 0) return;
    for (const wake of waiters) wake();
    waiters.clear();
  };

  const giveUp = (): void => {
    const left = waiting;
    waiting = [];
    for (const entry of left) answer(entry, null);
  };

  return {
    get size() {
      return size;
    },
    add(settlement, onAnswer) {
      if (closing.signal.aborted) {
        onAnswer(null);
        return;
      }
      waiting.push({ settlement, onAnswer });
      size += 1;
      if (!flushing) {
        flushing = true;
        void flush();
      }
    },
    whenEmpty() {
      return size === 0 ? Promise.resolve() : new Promise((resolve) => void waiters.add(resolve));
    },
    close() {
      closing.abort();
      if (!flushing) giveUp();
    },
  };
}
