import { aRequest, leaseOf, readHistory } from "@millrace/conformance";
import { type ClaimRequest, createManualClock, createSeededRandom, type TaskStore } from "@millrace/models";
import { describe, expect, it, vi } from "vitest";
import { createMemoryTaskStore } from "./create-memory-task-store.ts";

const request: ClaimRequest = {
  hostId: "host",
  kinds: [{ kind: "work", slots: 1_000 }],
  limit: 1_000,
  leaseMs: 30_000,
  suspects: "include",
};

async function enqueue(store: TaskStore, count: number, change: Parameters<typeof aRequest>[0] = {}): Promise<void> {
  await store.enqueue(Array.from({ length: count }, () => ({ tasks: [aRequest(change)] })));
}

describe("a memory store", () => {
  it("needs no options: it takes the machine's clock, real chance and an epoch of its own", async () => {
    const [one, other] = [createMemoryTaskStore(), createMemoryTaskStore()];
    await enqueue(one, 1);
    const { tasks } = await one.claim(request);
    expect(tasks[0]?.task.leaseToken).toMatch(/^[0-9a-f-]{36}$/);
    const { cursor } = await one.read({});
    expect(await other.events(cursor, 1)).toMatchObject({ status: "reset", why: "epoch" });
  });

  it("takes the epoch it is given, so that a test can know its cursors", async () => {
    const store = createMemoryTaskStore({ epoch: "e.1" });
    await enqueue(store, 3);
    expect((await store.read({})).cursor).toBe("e.1.3");
    expect(await store.events("e.1.2", 10)).toMatchObject({ status: "events", events: [{ type: "enqueued" }] });
    expect(await store.events("e.1.4", 10)).toMatchObject({ status: "reset", why: "ahead" });
  });

  it("has no lease keeper, and no caller's transaction to work in", () => {
    const store = createMemoryTaskStore();
    expect(store.facet("leaseKeeper")).toBeNull();
    expect(store.facet("txFence")).toBeNull();
    expect(() => store.within({} as never)).toThrow(expect.objectContaining({ code: "TX_UNSUPPORTED" }));
  });

  it("takes everything back when something breaks in the middle of a transaction", async () => {
    const random = createSeededRandom(1);
    let left = 2;
    const breaking = { next: random.next, uuid: () => (left-- > 0 ? random.uuid() : broken()) };
    const store = createMemoryTaskStore({ clock: createManualClock(), random: breaking, epoch: "e" });
    await enqueue(store, 3, { concurrencyKeys: [{ key: "k", limit: 9 }] });
    const before = await readHistory(store);
    await expect(store.claim(request)).rejects.toThrow("no more chance");
    expect(await readHistory(store)).toEqual(before);
    expect(await store.facet("limits")?.list(9)).toMatchObject([{ held: 0 }]);
    left = 3;
    expect((await store.claim(request)).tasks).toHaveLength(3);
  });

  it("passes over 20,000 tasks behind a busy key as if they were one", async () => {
    const store = createMemoryTaskStore();
    await enqueue(store, 20_000, { concurrencyKeys: [{ key: "busy", limit: 1 }] });
    await store.claim(request);
    const times: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      await enqueue(store, 1);
      const startedAt = performance.now();
      expect((await store.claim(request)).tasks).toHaveLength(1);
      times.push(performance.now() - startedAt);
    }
    // It takes well under a millisecond, unless the machine stands still; a walk over all of them would take far longer than this.
    expect(Math.min(...times)).toBeLessThan(100);
  });

  it("forgets a concurrency key with its last task, so that keys do not pile up", async () => {
    const store = createMemoryTaskStore({ clock: createManualClock() });
    const keyed = { concurrencyKeys: [{ key: "k", limit: 5 }] };
    await enqueue(store, 1, keyed);
    const [claimed] = (await store.claim(request)).tasks;
    if (!claimed) throw new Error("a task was to be claimed");
    const settlement = { type: "succeed", output: null } as const;
    await store.settle([{ ...leaseOf(claimed.task), started: true, settlement }]);
    await store.expire(1);
    const [again] = await store.enqueue([{ tasks: [aRequest({ concurrencyKeys: [{ key: "k", limit: 2 }] })] }]);
    expect(again).toMatchObject({ status: "stored", results: [{ warnings: [] }] });
    expect(await store.facet("limits")?.list(9)).toMatchObject([{ limit: 2 }]);
  });
});

describe("watching a memory store", () => {
  it("wakes once for all that a turn has told, and not for reads", async () => {
    const store = createMemoryTaskStore();
    const wake = vi.fn<() => void>();
    store.watch(wake);
    await Promise.all([enqueue(store, 2), enqueue(store, 2)]);
    expect(wake).toHaveBeenCalledTimes(1);
    await store.read({});
    await store.claim({ ...request, kinds: [] });
    expect(wake).toHaveBeenCalledTimes(1);
  });

  it("lets a listener call the store", async () => {
    const store = createMemoryTaskStore();
    const seen = new Promise((resolve) => {
      store.watch(() => resolve(store.read({})));
    });
    await enqueue(store, 1);
    expect(await seen).toMatchObject({ tasks: [{ status: "queued" }] });
  });

  it("keeps two watches of one function apart", async () => {
    const store = createMemoryTaskStore();
    const wake = vi.fn<() => void>();
    const stop = store.watch(wake);
    store.watch(wake);
    stop();
    await enqueue(store, 1);
    expect(wake).toHaveBeenCalledTimes(1);
  });
});

function broken(): never {
  throw new Error("no more chance");
}
