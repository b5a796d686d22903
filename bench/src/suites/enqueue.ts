import { createTaskClient } from "@millrace/engine";
import type { Suite, Variant } from "../harness/suite.ts";
import { type Durability, noop, openStore, payload } from "./millrace-parts.ts";
import { openPlainjob } from "./plainjob-parts.ts";

const callers = 20;

const millraceCallers =
  (durability: Durability): Variant =>
  async ({ folder, scale }) => {
    const count = Math.round(60_000 * scale);
    const store = openStore(folder, durability);
    const client = createTaskClient({ store, tasks: [noop] });
    await client.enqueue(noop, payload(0));
    let sent = 0;
    const begun = performance.now();
    await Promise.all(
      Array.from({ length: callers }, async () => {
        while (sent < count) await client.enqueue(noop, payload(sent++));
      }),
    );
    const seconds = (performance.now() - begun) / 1_000;
    await assertStored(store, count + 1);
    await store.close();
    return { perSecond: count / seconds };
  };

const plainjobCallers =
  (durability: Durability): Variant =>
  async ({ folder, scale }) => {
    const count = Math.round(30_000 * scale);
    const queue = openPlainjob(folder, durability);
    let sent = 0;
    const begun = performance.now();
    await Promise.all(
      Array.from({ length: callers }, async () => {
        while (sent < count) {
          queue.add("noop", payload(sent++));
          await Promise.resolve();
        }
      }),
    );
    return { perSecond: count / ((performance.now() - begun) / 1_000) };
  };

const millraceBatches =
  (durability: Durability): Variant =>
  async ({ folder, scale }) => {
    const batches = Math.round(100 * scale);
    const store = openStore(folder, durability);
    const client = createTaskClient({ store, tasks: [noop] });
    await client.enqueue(noop, payload(0));
    const items = Array.from({ length: 1_000 }, (_, n) => ({ task: noop, input: payload(n) }));
    const begun = performance.now();
    for (let batch = 0; batch < batches; batch += 1) await client.enqueueMany(items);
    const seconds = (performance.now() - begun) / 1_000;
    await assertStored(store, batches * 1_000 + 1);
    await store.close();
    return { perSecond: (batches * 1_000) / seconds };
  };

const plainjobBatches =
  (durability: Durability): Variant =>
  async ({ folder, scale }) => {
    const batches = Math.round(100 * scale);
    const queue = openPlainjob(folder, durability);
    const items = Array.from({ length: 1_000 }, (_, n) => payload(n));
    const begun = performance.now();
    for (let batch = 0; batch < batches; batch += 1) queue.addMany("noop", items);
    return { perSecond: (batches * 1_000) / ((performance.now() - begun) / 1_000) };
  };

async function assertStored(store: ReturnType<typeof openStore>, count: number): Promise<void> {
  const { total } = await store.aggregate({});
  if (total.count !== count) throw new Error(`${total.count} of ${count} tasks are stored.`);
}

export const enqueueSuite: Suite = {
  name: "enqueue",
  title: "SQLite: enqueue through the client",
  method:
    "20 callers that each wait for their own answer before the next call, and one caller with lists of 1,000 (one atomic group each); " +
    "schema-less input of about 110 bytes; the store's own count is checked.",
  variants: {
    "plainjob NORMAL, 20 callers": plainjobCallers("normal"),
    "millrace NORMAL, 20 callers": millraceCallers("normal"),
    "millrace FULL, 20 callers": millraceCallers("full"),
    "plainjob NORMAL, 1,000 a call": plainjobBatches("normal"),
    "millrace NORMAL, 1,000 a call": millraceBatches("normal"),
    "millrace FULL, 1,000 a call": millraceBatches("full"),
  },
  targets: [
    {
      label: "20 callers, NORMAL, against plainjob NORMAL",
      of: "millrace NORMAL, 20 callers.perSecond",
      per: "plainjob NORMAL, 20 callers.perSecond",
      atLeast: 2,
    },
    {
      label: "lists of 1,000, NORMAL, against plainjob NORMAL",
      of: "millrace NORMAL, 1,000 a call.perSecond",
      per: "plainjob NORMAL, 1,000 a call.perSecond",
      atLeast: 0.5,
      goal: 1,
    },
  ],
};
