import type { Violation } from "@millrace/conformance/invariants";
import { isTaskError, type TaskRecord, type TaskStatus, type TaskStore } from "@millrace/models";
import { wait } from "./wait.ts";

/** Who looks on. */
export interface OnlookerOptions {
  readonly store: Pick<TaskStore, "read">;
  readonly until: () => boolean;
}

/** Every status that is not final. */
export const openStatuses: readonly TaskStatus[] = ["blocked", "queued", "claimed", "running", "suspended", "paused"];

/** I7 as the store itself shows it at one moment after the other: what is leased, and what is open. */
export async function lookOn({ store, until }: OnlookerOptions): Promise<readonly Violation[]> {
  const violations: Violation[] = [];
  while (!until()) {
    try {
      // Each page is a moment of its own.
      const leased = await store.read({ statuses: ["claimed", "running"], limit: 1_000 });
      const deduped = await store.read({ statuses: openStatuses, kinds: ["chaos.slow"], limit: 1_000 });
      violations.push(...doubleHolders(leased.tasks), ...doubleKeys(deduped.tasks));
    } catch (error) {
      if (!isTaskError(error) || !error.retryable) throw error;
    }
    await wait(40);
  }
  return violations;
}

/** Every key of a run admits one. */
function doubleHolders(tasks: readonly TaskRecord[]): readonly Violation[] {
  const pairs = tasks.flatMap(({ id, concurrencyKeys }) =>
    concurrencyKeys.map(({ key }) => [`the key ${key}`, id] as const),
  );
  return doubles(pairs);
}

function doubleKeys(tasks: readonly TaskRecord[]): readonly Violation[] {
  const pairs = tasks.flatMap(({ id, dedupeKey }) =>
    dedupeKey === null ? [] : [[`dedupe ${dedupeKey}`, id] as const],
  );
  return doubles(pairs);
}

function doubles(pairs: readonly (readonly [name: string, taskId: string])[]): readonly Violation[] {
  const holders = new Map<string, string>();
  return pairs.flatMap(([name, taskId]) => {
    const other = holders.get(name);
    holders.set(name, taskId);
    return other === undefined ? [] : [{ invariant: "I7", taskId, message: `holds ${name} beside ${other}` }];
  });
}
