import { isTaskError } from "@millrace/models";
import { expect } from "vitest";
import type { StoreCases } from "../store-cases.ts";

/** Closing and opening again. */
export const closeCases: StoreCases = (add) => {
  add("close may be called twice, and afterwards every call is STORE_CLOSED", async (bench) => {
    const { store } = bench;
    await bench.enqueue();
    bench.skipLastCheck();
    await store.close();
    await store.close();
    const calls = [
      () => store.enqueue([{ tasks: [bench.request()] }]),
      () => store.read({}),
      () => store.events("", 10),
      () => store.expire(10),
      () => store.get([bench.newId()]),
    ];
    for (const call of calls) {
      const error: unknown = await call().then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(isTaskError(error, "STORE_CLOSED")).toBe(true);
    }
  });

  add("close waits for the calls under way, or refuses them; none is left hanging", async (bench) => {
    const { store } = bench;
    bench.skipLastCheck();
    const calls = Array.from({ length: 20 }, () => store.enqueue([{ tasks: [bench.request()] }]));
    const closed = store.close();
    const results = await Promise.allSettled(calls);
    await closed;
    for (const result of results) {
      expect(result.status === "fulfilled" || isTaskError(result.reason, "STORE_CLOSED")).toBe(true);
    }
  });

  add("I1, T39: what was acknowledged is there after a restart, leases included", async (bench) => {
    if (!bench.canReopen) return;
    const task = await bench.running({ kind: "work", dedupeKey: "d", concurrencyKeys: [{ key: "k", limit: 1 }] });
    await bench.enqueueMany(3, { delayMs: 50, concurrencyKeys: [{ key: "k", limit: 1 }] });
    const before = (await bench.store.read({})).tasks;
    await bench.reopen();
    expect((await bench.store.read({})).tasks).toEqual(before);
    expect((await bench.stored({ dedupeKey: "d" }))[0]?.disposition).toBe("reused");
    bench.clock.advance(50);
    expect(await bench.claim()).toEqual([]);
    expect((await bench.succeed(task)).status).toBe("held");
    expect(await bench.claim()).toHaveLength(1);
  });
};
