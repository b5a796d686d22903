import { aFailSettlement, aRequest, leaseOf } from "@millrace/conformance";
import { checkInvariants, readHistory } from "@millrace/conformance/invariants";
import {
  createSeededRandom,
  createTaskId,
  type EnqueueRequest,
  isFinal,
  isTaskError,
  type LeasedSettlement,
  type OnDependencyFailure,
  type Random,
  type Settlement,
  type SuspendWait,
  type TaskRecord,
  type TaskStore,
  taskStatuses,
} from "@millrace/models";
import { expect, it } from "vitest";
import { openStores } from "./testing/stores.ts";

const kinds = ["a", "b", "c"];
const policies: readonly OnDependencyFailure[] = ["continue", "abort", "fail"];
const keys = ["k1", "k2", "k3"];
/** Waits end by themselves so soon. */
const timeoutMs = 100;
const times = Math.max(1, Number(process.env["MILLRACE_LONG"] ?? 1));
const rounds = 15 * times;

/** Somebody who does everything to the same few tasks as everybody else, in an order of its own. */
class Meddler {
  readonly #store: TaskStore;
  readonly #random: Random;
  readonly #seen: string[];
  readonly #name: string;

  constructor(store: TaskStore, random: Random, shared: { readonly seen: string[]; readonly name: string }) {
    this.#store = store;
    this.#random = random;
    this.#seen = shared.seen;
    this.#name = shared.name;
  }

  /** Does something; being told to come again later is an answer. */
  async meddle(): Promise<void> {
    try {
      await this.#meddleOnce();
    } catch (error) {
      if (!isTaskError(error, "STORE_BUSY")) throw error;
    }
  }

  async #meddleOnce(): Promise<void> {
    const n = this.#below(10);
    if (n < 3) await this.#enqueue();
    else if (n < 7) await this.work((task) => this.#settlement(task));
    else if (n === 7)
      await this.#store.signal([{ taskId: this.#one(), signalId: createTaskId(), name: "go", payload: null }]);
    else if (n === 8) await this.#cancelOrRetry();
    else await this.#store.expire(20);
  }

  /** Claims a few and settles them in another order; how many there were. */
  async work(settlementOf: (task: TaskRecord) => Settlement): Promise<number> {
    const { tasks } = await this.#store.claim({
      hostId: this.#name,
      kinds: kinds.map((kind) => ({ kind, slots: 4 })),
      limit: 6,
      leaseMs: 60_000,
      suspects: "include",
    });
    const asks = tasks.map(({ task }) => ({ ...leaseOf(task), started: true, settlement: settlementOf(task) }));
    if (asks.length > 0) await this.#settle(asks.toSorted(() => this.#random.next() - 0.5));
    return tasks.length;
  }

  /** As a host does: the same again for as long as the store has to give way. */
  async #settle(asks: readonly LeasedSettlement[]): Promise<void> {
    for (let isTaken = false; !isTaken;) {
      try {
        await this.#store.settle(asks);
        isTaken = true;
      } catch (error) {
        if (!isTaskError(error, "STORE_BUSY")) throw error;
      }
    }
  }

  async #enqueue(): Promise<void> {
    const n = this.#below(6);
    if (n === 0) return this.#flow();
    const own: Partial<EnqueueRequest> =
      [
        {},
        { supersedeKey: this.#pick(keys), supersedeExisting: true },
        { dedupeKey: this.#pick(keys), dedupeForMs: 20, dedupePolicy: this.#pick(["reuse", "replace"] as const) },
        { concurrencyKeys: keys.slice(this.#below(2)).map((key) => ({ key, limit: 2 })) },
        { dedupeKey: this.#pick(keys), debounceMs: 5 },
      ][n - 1] ?? {};
    await this.#add([this.#request(own)]);
  }

  #flow(): Promise<void> {
    const steps = [this.#request(), this.#request(), this.#request()];
    const known = this.#seen.length > 0 && this.#below(2) === 0 ? [this.#one()] : [];
    const onFailure = this.#pick(policies);
    const dependencies = [...new Set([...steps.map(({ id }) => id), ...known])].map((taskId) => ({
      taskId,
      onFailure,
    }));
    return this.#add([
      ...steps,
      this.#request({ dependencies, waitTimeoutMs: this.#below(2) === 0 ? null : timeoutMs }),
    ]);
  }

  async #add(tasks: readonly EnqueueRequest[]): Promise<void> {
    const [result] = await this.#store.enqueue([{ tasks }]);
    // A key that somebody else is just taking refuses; that is an answer.
    if (result?.status === "stored") this.#seen.push(...result.results.map(({ task }) => task.id));
  }

  #settlement({ stage }: TaskRecord): Settlement {
    const n = stage > 2 ? 9 : this.#below(10);
    if (n === 0) return aFailSettlement({ permanent: true });
    if (n === 1) return aFailSettlement({ permanent: false, maxAttempts: 3, delayMs: 0 });
    if (n > 5) return { type: "succeed", output: null };
    return {
      type: "suspend",
      state: undefined,
      wait: n < 4 ? this.#children() : { reason: "signal", name: "go", timeoutMs },
    };
  }

  #children(): SuspendWait {
    const children = [this.#request(), this.#request({ dedupeKey: this.#pick(keys) })];
    return {
      reason: "children",
      children,
      onFailure: this.#pick(policies),
      timeoutMs: this.#below(2) === 0 ? null : timeoutMs,
    };
  }

  async #cancelOrRetry(): Promise<void> {
    const mode = this.#pick(["request", "terminate"] as const);
    const ids = [this.#one(), this.#one()];
    if (this.#below(3) === 0) await this.#store.retry(ids);
    else await this.#store.cancel(ids.map((taskId) => ({ taskId, mode, reason: null, by: null })));
  }

  #request(change: Partial<EnqueueRequest> = {}): EnqueueRequest {
    return aRequest({ kind: this.#pick(kinds), priority: this.#below(3), ...change });
  }

  /** One of the last tasks: those at which others are too. */
  #one(): string {
    return this.#seen.at(-1 - this.#below(20)) ?? createTaskId();
  }

  #pick<Value>(values: readonly Value[]): Value {
    return values[this.#below(values.length)] as Value;
  }

  #below(n: number): number {
    return Math.floor(this.#random.next() * n);
  }
}

it(
  "I1–I9: flows, children, signals, cancels, retries and keys on the same tasks from four processes at once",
  async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    await using open = await openStores(4, { listen: false });
    const { stores } = open;
    const seen: string[] = [];
    const meddlers = stores.map(
      (store, n) => new Meddler(store, createSeededRandom(seed + n), { seen, name: `host-${n}` }),
    );
    await Promise.all(
      meddlers.map(async (meddler) => {
        for (let round = 0; round < rounds; round += 1) await meddler.meddle();
      }),
    );
    const [store] = stores;
    if (!store) return;
    // Of all, since nobody has noted the children that were made by the way.
    const statuses = taskStatuses.filter((status) => !isFinal(status));
    const isOpen = async (): Promise<boolean> => (await store.read({ statuses, limit: 1 })).tasks.length > 0;
    const until = performance.now() + 60_000;
    while (performance.now() < until) {
      await store.expire(500);
      const worked = await Promise.all(
        meddlers.map((meddler) => meddler.work(() => ({ type: "succeed", output: null }))),
      );
      if (worked.every((count) => count === 0) && !(await isOpen())) break;
    }
    const history = await readHistory(store);
    const violations = checkInvariants({ ...history, isQuiet: true, acknowledged: seen });
    expect(violations, `seed ${seed}`).toEqual([]);
    const held = (await store.facet("limits")?.list(100))?.filter((limit) => limit.held > 0) ?? [];
    expect(held, `seed ${seed}`).toEqual([]);
  },
  120_000 * times,
);
