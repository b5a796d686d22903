import { aRequest } from "@millrace/conformance";
import {
  createTaskId,
  type EnqueueGroup,
  type EnqueueRequest,
  type TaskRecord,
  type TaskStore,
} from "@millrace/models";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { drizzleLibrary } from "../testing/caller/drizzle-library.ts";
import { knexLibrary } from "../testing/caller/knex-library.ts";
import { kyselyLibrary } from "../testing/caller/kysely-library.ts";
import { pgLibrary } from "../testing/caller/pg-library.ts";
import { prismaLibrary } from "../testing/caller/prisma-library.ts";
import type { OpenLibrary } from "../testing/caller/caller-library.ts";
import { openStores, type TestStores } from "../testing/stores.ts";
import { callerQuery, type CallerTransaction } from "./caller-transaction.ts";

// A server on a machine that is busy with other tests takes its time.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

const group = (...tasks: readonly Partial<EnqueueRequest>[]): EnqueueGroup => ({
  tasks: tasks.map((task) => aRequest({ id: createTaskId(), mustKnowKind: false, ...task })),
});
const changedMind = new Error("the caller changed its mind");

describe.each([pgLibrary, kyselyLibrary, drizzleLibrary, knexLibrary, prismaLibrary])(
  "a transaction of $name",
  (of) => {
    let open: TestStores;
    let library: OpenLibrary;
    let store: TaskStore<CallerTransaction>;
    beforeAll(async () => {
      open = await openStores(1);
      const [first] = open.stores;
      if (!first) throw new Error("no store was opened");
      store = first;
      const { connectionString, schema, client } = open.place;
      await store.kinds();
      await client.query(`create table "${schema}".orders (id serial, item text)`);
      library = of.open(connectionString, schema);
    });
    afterAll(async () => {
      await library.close();
      await open[Symbol.asyncDispose]();
    });

    /** Whether an order is there. */
    const hasOrder = async (item: string): Promise<boolean> => {
      const { schema, client } = open.place;
      const { rowCount } = await client.query(`select 1 from "${schema}".orders where item = $1`, [item]);
      return rowCount === 1;
    };

    const claimOf = async (kind: string): Promise<TaskRecord> => {
      await store.enqueue([group({ kind })]);
      const kinds = [{ kind, slots: 1 }];
      const { tasks } = await store.claim({ hostId: "h", kinds, limit: 1, leaseMs: 60_000, suspects: "include" });
      if (!tasks[0]) throw new Error("nothing was claimed");
      return tasks[0].task;
    };

    it("I12: keeps a task and the caller's row together, or neither", async () => {
      const place = (item: string, fails: boolean): Promise<string> => {
        const asked = group({ input: JSON.stringify(item) });
        return library.transaction(async (tx, insertOrder) => {
          await insertOrder(item);
          await store.within(tx).enqueue([asked]);
          if (fails) throw Object.assign(changedMind, { taskId: asked.tasks[0]?.id });
          return asked.tasks[0]?.id ?? "";
        });
      };
      const kept = await place("kept", false);
      await expect(place("gone", true)).rejects.toBe(changedMind);
      expect(await hasOrder("kept")).toBe(true);
      expect(await hasOrder("gone")).toBe(false);
      const gone = String(Reflect.get(changedMind, "taskId"));
      expect(await store.get([kept, gone])).toMatchObject([{ status: "queued", input: '"kept"' }, null]);
    });

    it("I12: completes a task with the caller's row, or not at all", async () => {
      const { id: taskId, attempt, leaseToken } = await claimOf("complete");
      const settlement = { type: "succeed", output: '"done"' } as const;
      const lease = { taskId, attempt, leaseToken: leaseToken ?? "", started: true, settlement };
      const complete = (item: string, fails: boolean): Promise<unknown> =>
        library.transaction(async (tx, insertOrder) => {
          await insertOrder(item);
          const answers = await store.within(tx).settle([lease]);
          if (fails) throw changedMind;
          return answers;
        });
      await expect(complete("undone", true)).rejects.toBe(changedMind);
      expect(await store.get([taskId])).toMatchObject([{ status: "claimed" }]);
      expect(await hasOrder("undone")).toBe(false);
      expect(await complete("done", false)).toMatchObject([{ status: "held", next: "succeeded" }]);
      expect(await store.get([taskId])).toMatchObject([{ status: "succeeded", output: '"done"' }]);
      expect(await hasOrder("done")).toBe(true);
      // The host's own settlement, which comes after, learns that it is done.
      expect(await store.settle([lease])).toMatchObject([{ status: "held", replayed: true }]);
    });

    it("takes every kind of value there and back", async () => {
      const rich: Partial<EnqueueRequest> = {
        dedupeKey: `d ${of.name}`,
        supersedeKey: "s",
        concurrencyKeys: [{ key: "c", limit: 2 }],
        tags: ["a", "b ü"],
        metadata: { deep: [1, null, { x: "\u0000?$1:a::b" }] },
        input: '{"a": [1, 2], "b": "?"}',
        state: { codecId: "aes", bytes: new Uint8Array([0, 255, 7]) },
        context: { user: "ada" },
        flowId: "f",
        priority: -3,
        delayMs: 3_600_000,
        timeoutMs: 2 ** 40,
      };
      const [asked] = group(rich).tasks;
      if (!asked) throw new Error("no request");
      const waiting = group({ dependencies: [{ taskId: asked.id, onFailure: "continue" }] });
      const answers = await library.transaction((tx) => store.within(tx).enqueue([{ tasks: [asked] }, waiting]));
      const [task, waits] = await store.get([asked.id, waiting.tasks[0]?.id ?? ""]);
      expect(answers).toMatchObject([
        { status: "stored", results: [{ disposition: "created", task }] },
        { status: "stored", results: [{ disposition: "created", task: waits }] },
      ]);
      expect(waits).toMatchObject({ status: "blocked" });
      const { delayMs: _delay, dedupeForMs: _for, supersedeExisting: _existing, ...same } = rich as EnqueueRequest;
      expect(task).toMatchObject(same);
      const again = await library.transaction((tx) => store.within(tx).enqueue([group({ dedupeKey: `d ${of.name}` })]));
      expect(again).toMatchObject([{ results: [{ disposition: "reused", task: { id: asked.id } }] }]);
    });

    it("goes on after a refused group and after a statement that failed", async () => {
      const kept = group({});
      await library.transaction(async (tx, insertOrder) => {
        await insertOrder("goes on");
        const unknown = group({}, { dependencies: [{ taskId: createTaskId(), onFailure: "fail" }] });
        expect(await store.within(tx).enqueue([unknown])).toMatchObject([
          { status: "refused", code: "DEPENDENCY_UNKNOWN" },
        ]);
        // Postgres refuses the number, so that a statement fails when others are done.
        const tooLarge = group({}, { priority: 2 ** 40 });
        await expect(store.within(tx).enqueue([tooLarge])).rejects.toMatchObject({
          code: "INTERNAL",
          details: { sqlState: "22003" },
        });
        await store.within(tx).enqueue([kept]);
        expect(await store.get(tooLarge.tasks.map(({ id }) => id))).toEqual([null, null]);
      });
      expect(await hasOrder("goes on")).toBe(true);
      expect(await store.get([kept.tasks[0]?.id ?? ""])).toMatchObject([{ status: "queued" }]);
    });

    it("refuses to work where no transaction is, and leaves nothing there", async () => {
      const outside = library.outside as CallerTransaction;
      const asked = group({});
      await expect(store.within(outside).enqueue([asked])).rejects.toMatchObject({ code: "TX_UNSUPPORTED" });
      expect(await store.get(asked.tasks.map(({ id }) => id))).toEqual([null]);
      const ended = await library.transaction(async (tx) => tx);
      await expect(store.within(ended).enqueue([asked])).rejects.toMatchObject({ code: "TX_UNSUPPORTED" });
      expect(await store.get(asked.tasks.map(({ id }) => id))).toEqual([null]);
    });
  },
);

it.each([undefined, null, 7, "begin", {}, [], { query: "text" }, () => {}])(
  "refuses %j as a transaction and says what is one",
  (tx) => {
    expect(() => callerQuery(tx)).toThrow(
      expect.objectContaining({
        code: "OPTION_INVALID",
        details: { path: "tx", accepted: expect.arrayContaining([expect.stringContaining("Prisma")]) as string[] },
      }),
    );
  },
);
