import { createTaskClient, type StoreTaskClient } from "@millrace/engine";
import { createTaskId, type EnqueueItem, isTaskError, type Random, type TaskStore } from "@millrace/models";
import { chaosKinds, keyCount } from "./chaos-kinds.ts";
import type { ChildInput } from "./child-handler.entry.ts";
import type { Write } from "./ledger.ts";

/** Who produces. */
export interface ProducerOptions {
  readonly store: TaskStore;
  readonly random: Random;
  readonly write: Write;
  /** How long it waits between two calls at most. */
  readonly everyMs: number;
  readonly until: () => boolean;
}

/** A client that knows the kinds; it runs none of them. */
export function chaosClient(store: TaskStore): StoreTaskClient {
  return createTaskClient({ store, tasks: chaosKinds({ write: () => {}, folder: "", by: "" }) });
}

/** Enqueues a mixture of everything until told to stop; a call that failed because the database was busy is not acknowledged. */
export async function produce({ store, random, write, everyMs, until }: ProducerOptions): Promise<void> {
  const client = chaosClient(store);
  while (!until()) {
    const group = oneGroup(random);
    const ids = group.map(({ options }) => options.id);
    const waiter = group.findLast(({ options }) => options.waitFor !== undefined);
    const flow = waiter && { flow: { waiterId: waiter.options.id, dependencyIds: waiter.options.waitFor ?? [] } };
    write({ type: "intent", ids, ...flow });
    try {
      const outcomes = await client.enqueueMany(group);
      // A reused task answers with its own id.
      write({ type: "acknowledged", ids: outcomes.map(({ task }) => task.id) });
    } catch (error) {
      if (!isTaskError(error) || !error.retryable) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, random.next() * everyMs));
  }
}

type Item = Extract<EnqueueItem, { readonly kind: string }> & {
  readonly options: { readonly id: string; readonly waitFor?: readonly string[] };
};

function oneGroup(random: Random): readonly Item[] {
  const n = Math.floor(random.next() * 1_000);
  const item = (kind: string, input: unknown, options: Item["options"] | object = {}): readonly Item[] => {
    return [{ kind, input, options: { id: createTaskId(), ...options } }];
  };
  const key = `key-${n % keyCount}`;
  const keyed = { concurrencyKey: key, context: { key } };
  switch (n % 10) {
    case 0:
      return item("chaos.quick", { n }, { priority: n % 3 });
    case 1:
      return item("chaos.slow", { ms: random.next() * 2_000 });
    case 2:
      return item("chaos.flaky", { n });
    case 3:
      return item("chaos.once", { n });
    case 4:
      return item("chaos.parent", { n });
    case 5:
      return item("chaos.keyed", { ms: random.next() * 60 }, keyed);
    case 6:
      return item("chaos.slow", { ms: random.next() * 100 }, { dedupeKey: `dedupe-${n % 7}` });
    case 7:
      return item("chaos.waits", { ms: random.next() * 800 });
    case 8:
      return item("chaos.child", childInput(random), n % 3 === 0 ? keyed : {});
    default:
      return flowOf(n);
  }
}

function childInput(random: Random): ChildInput {
  const deeds = ["work", "work", "work", "block", "breed", "die", "exit"] as const;
  return { deed: deeds[Math.floor(random.next() * deeds.length)] ?? "work", ms: Math.floor(random.next() * 150) };
}

function flowOf(n: number): readonly Item[] {
  const dependencies = ["chaos.quick", "chaos.flaky", "chaos.once"].map((kind) => {
    return { kind, input: { n }, options: { id: createTaskId() } };
  });
  const waitFor = dependencies.map(({ options }) => options.id);
  return [...dependencies, { kind: "chaos.join", input: { n }, options: { id: createTaskId(), waitFor } }];
}
