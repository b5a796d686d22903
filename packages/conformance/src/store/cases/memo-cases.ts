import { expect } from "vitest";
import { leaseOf } from "../../builders/lease.ts";
import type { StoreCases } from "../store-cases.ts";

/** What `context.once` remembers. */
export const memoCases: StoreCases = (add) => {
  add("a memo is written if its key is free, and looked up", async ({ running, store, told }) => {
    const lease = leaseOf(await running());
    const ask = async (key: string, value?: string) =>
      (await store.memo([value === undefined ? { ...lease, key } : { ...lease, key, value }]))[0];
    expect(await ask("a")).toEqual({ status: "held", value: null });
    expect(await ask("a", '{"n":1}')).toEqual({ status: "held", value: '{"n":1}' });
    expect(await ask("a")).toEqual({ status: "held", value: '{"n":1}' });
    expect(await ask("a", "2")).toEqual({ status: "held", value: '{"n":1}' });
    expect(await ask("b")).toEqual({ status: "held", value: null });
    expect((await told(lease.taskId)).slice(3)).toEqual(["checkpoint"]);
  });

  for (const value of ["null", "false", '""', { codecId: "c", bytes: new Uint8Array([0, 255]) }]) {
    add(`Q6: a memo of ${JSON.stringify(value)} is kept as it is`, async ({ running, store }) => {
      const lease = leaseOf(await running());
      await store.memo([{ ...lease, key: "k", value }]);
      expect(await store.memo([{ ...lease, key: "k" }])).toEqual([{ status: "held", value }]);
    });
  }

  add("memos outlive attempts and stages", async ({ running, settle, runAgain, store }) => {
    const task = await running();
    await store.memo([{ ...leaseOf(task), key: "k", value: "1" }]);
    await settle(task, { type: "suspend", wait: { reason: "sleep", forMs: 0 }, state: null });
    const again = await runAgain(task);
    expect(await store.memo([{ ...leaseOf(again), key: "k" }])).toEqual([{ status: "held", value: "1" }]);
  });

  add("memos are per task", async ({ running, store }) => {
    const [one, two] = [await running(), await running()];
    await store.memo([{ ...leaseOf(one), key: "k", value: "1" }]);
    expect(await store.memo([{ ...leaseOf(two), key: "k" }])).toEqual([{ status: "held", value: null }]);
  });

  add("a batch of memos is answered in order; later ones see earlier ones", async ({ running, store }) => {
    const lease = leaseOf(await running());
    const answers = await store.memo([
      { ...lease, key: "k" },
      { ...lease, key: "k", value: "1" },
      { ...lease, key: "k", value: "2" },
      { ...lease, leaseToken: "forged", key: "k" },
    ]);
    expect(answers).toMatchObject([
      { status: "held", value: null },
      { status: "held", value: "1" },
      { status: "held", value: "1" },
      { status: "lost" },
    ]);
  });
};
