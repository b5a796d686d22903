import { isTaskError, type TaskId, type TaskOrder, type TaskQuery, type TaskRecord } from "@millrace/models";
import { expect } from "vitest";
import type { StoreBench } from "../store-bench.ts";
import type { StoreCases } from "../store-cases.ts";

const orders: readonly TaskOrder[] = [
  "created_desc",
  "created_asc",
  "scheduled_asc",
  "scheduled_desc",
  "updated_desc",
  "updated_asc",
  "finished_desc",
  "finished_asc",
  "status_asc",
  "status_desc",
];

async function readAll(
  bench: StoreBench,
  query: TaskQuery,
  between?: () => Promise<void>,
): Promise<readonly TaskRecord[]> {
  const tasks: TaskRecord[] = [];
  let after: string | null = null;
  for (let round = 0; round < 1_000; round += 1) {
    const page = await bench.store.read({ ...query, ...(after === null ? {} : { after }) });
    tasks.push(...page.tasks);
    if (page.next === null) return tasks;
    after = page.next;
    await between?.();
  }
  throw new Error("The pages do not end.");
}

/** Tasks that share times, so that ties are common. */
async function makeCrowd(bench: StoreBench): Promise<void> {
  for (let wave = 0; wave < 5; wave += 1) {
    const tasks = await bench.enqueueMany(6, { scheduledAt: 1_000 + (wave % 2), tags: wave % 2 === 0 ? ["even"] : [] });
    bench.clock.advance(wave % 2);
    for (const { id } of tasks.slice(0, wave)) await bench.cancel(id);
  }
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "no error";
  } catch (error) {
    return isTaskError(error) ? error.code : String(error);
  }
}

/** `read`: pages. */
export const pageCases: StoreCases = (add) => {
  for (const orderBy of orders) {
    add(`R40, T25: pages of ${orderBy} are the whole list, once, in order`, async (bench) => {
      await makeCrowd(bench);
      const whole = (await bench.store.read({ orderBy, limit: 1_000 })).tasks;
      expect(whole).toHaveLength(30);
      for (const limit of [1, 7, 29, 30]) {
        expect((await readAll(bench, { orderBy, limit })).map(({ id }) => id)).toEqual(whole.map(({ id }) => id));
      }
    });
  }

  for (const orderBy of ["created_asc", "created_desc", "scheduled_asc"] as const) {
    add(`T25: pages of ${orderBy} neither skip nor repeat while tasks come and go`, async (bench) => {
      await makeCrowd(bench);
      const before = (await bench.store.read({ orderBy, limit: 1_000 })).tasks.map(({ id }) => id);
      const removed = new Set<TaskId>();
      const seen = await readAll(bench, { orderBy, limit: 4 }, async () => {
        bench.clock.advance(1);
        await bench.enqueueMany(2, { scheduledAt: 1_000 });
        const victim = before[removed.size * 3];
        if (victim === undefined) return;
        removed.add(victim);
        await bench.store.remove([{ taskId: victim }]);
      });
      const ids = seen.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      const missed = before.filter((id) => !ids.includes(id) && !removed.has(id));
      expect(missed).toEqual([]);
    });
  }

  add("T25: a filter holds over all pages", async (bench) => {
    await makeCrowd(bench);
    const tasks = await readAll(bench, { tags: ["even"], statuses: ["queued"], limit: 5, orderBy: "created_asc" });
    expect(tasks).toHaveLength(18 - 0 - 2 - 4);
    expect(tasks.every(({ tags, status }) => tags.includes("even") && status === "queued")).toBe(true);
  });

  add("R40: offset skips, alone or after a cursor", async (bench) => {
    await makeCrowd(bench);
    const whole = (await bench.store.read({ limit: 1_000 })).tasks.map(({ id }) => id);
    const page = async (query: TaskQuery) => {
      const { tasks } = await bench.store.read(query);
      return tasks.map(({ id }) => id);
    };
    expect(await page({ offset: 5, limit: 10 })).toEqual(whole.slice(5, 15));
    expect(await page({ offset: 29 })).toEqual(whole.slice(29));
    expect(await page({ offset: 10_000 })).toEqual([]);
    const first = await bench.store.read({ limit: 4 });
    expect(await page({ after: first.next ?? "", offset: 3, limit: 2 })).toEqual(whole.slice(7, 9));
  });

  add("R40: a page has at most 100 tasks unless it says otherwise", async (bench) => {
    await bench.enqueueMany(150);
    const page = await bench.store.read({});
    expect(page.tasks).toHaveLength(100);
    expect(page.next).not.toBeNull();
    expect((await bench.store.read({ limit: 1_000 })).next).toBeNull();
  });

  add("a page may leave out what is large: input, output and the handler's state", async (bench) => {
    const large = JSON.stringify("x".repeat(100_000));
    await bench.running({ input: large, state: large });
    const waits = await bench.enqueue({ input: large });
    const done = await bench.running({ input: large });
    await bench.succeed(done, large);
    for (const orderBy of ["created_desc", "updated_asc"] as const) {
      const whole = await bench.store.read({ orderBy });
      expect(whole.tasks.map(({ input }) => input)).toEqual([large, large, large]);
      const lines = await bench.store.read({ orderBy, includeValues: false });
      expect(lines).toEqual({
        ...whole,
        tasks: whole.tasks.map((one) => ({ ...one, input: null, output: null, state: null })),
      });
    }
    expect(await bench.store.get([waits.id])).toMatchObject([{ input: large }]);
  });

  add("an empty store has one empty page", async ({ store }) => {
    expect(await store.read({})).toMatchObject({ tasks: [], next: null, cursor: expect.any(String) });
  });

  add("a page that ends exactly at the end says so", async ({ enqueueMany, store }) => {
    await enqueueMany(6);
    const first = await store.read({ limit: 3 });
    const second = await store.read({ limit: 3, after: first.next ?? "" });
    expect([first.next === null, second.next]).toEqual([false, null]);
  });

  for (const after of ["garbage", "e30", "%%%", "🦀"]) {
    add(`a malformed cursor ${JSON.stringify(after)} is CURSOR_INVALID`, async ({ enqueue, store }) => {
      await enqueue();
      expect(await codeOf(store.read({ after }))).toBe("CURSOR_INVALID");
    });
  }

  add("a cursor of another order is CURSOR_INVALID", async ({ enqueueMany, store }) => {
    await enqueueMany(3);
    const { next } = await store.read({ limit: 1, orderBy: "created_asc" });
    expect(await codeOf(store.read({ limit: 1, orderBy: "scheduled_desc", after: next ?? "" }))).toBe("CURSOR_INVALID");
  });

  for (const query of [{ limit: 0 }, { limit: 1_001 }, { limit: 1.5 }, { offset: -1 }, { offset: 10_001 }]) {
    add(`${JSON.stringify(query)} is out of bounds: QUERY_INVALID`, async ({ store }) => {
      expect(await codeOf(store.read(query))).toBe("QUERY_INVALID");
    });
  }

  add("R45, R51: a page tells the place in the journal at which it is true", async ({ enqueue, store, cancel }) => {
    const before = await enqueue();
    const page = await store.read({});
    expect(page.tasks).toEqual([before]);
    const nothing = await store.events(page.cursor, 100);
    expect(nothing).toMatchObject({ status: "events", events: [], more: false });
    await cancel(before.id);
    const after = await store.events(page.cursor, 100);
    expect(after).toMatchObject({ status: "events", events: [{ type: "cancelled", taskId: before.id }] });
  });
};
