import { isFinal, isLeased, type TaskRecord } from "@millrace/models";
import { keyIdsOf } from "./ready-queue.ts";

/** How many open tasks carry a concurrency key, and how many of them hold a lease. */
export interface KeyUse {
  readonly open: number;
  readonly held: number;
}

const unused: KeyUse = { open: 0, held: 0 };

/** What is leased now, over the store, by kind and by key: counted from the records themselves, so it cannot drift. */
export class HeldCounts {
  #all = 0;
  readonly #byKind = new Map<string, number>();
  readonly #byKey = new Map<string, KeyUse>();

  get all(): number {
    return this.#all;
  }

  ofKind(kind: string): number {
    return this.#byKind.get(kind) ?? 0;
  }

  ofKey(keyId: string): KeyUse {
    return this.#byKey.get(keyId) ?? unused;
  }

  /** Adds a record to the counts (`by` 1) or takes it out (`by` −1). */
  count(task: TaskRecord, by: 1 | -1): void {
    const isHeld = isLeased(task.status);
    if (isHeld) {
      this.#all += by;
      const ofKind = this.ofKind(task.kind) + by;
      if (ofKind === 0) this.#byKind.delete(task.kind);
      else this.#byKind.set(task.kind, ofKind);
    }
    if (isFinal(task.status)) return;
    for (const keyId of keyIdsOf(task)) {
      const { open, held } = this.ofKey(keyId);
      const use = { open: open + by, held: held + (isHeld ? by : 0) };
      if (use.open === 0) this.#byKey.delete(keyId);
      else this.#byKey.set(keyId, use);
    }
  }
}
