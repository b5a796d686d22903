import {
  createManualClock,
  createSeededRandom,
  createTaskId,
  defineTask,
  TaskError,
  type EnqueueGroup,
  type StandardSchema,
  type TaskStore,
} from "@millrace/models";
import { createMemoryTaskStore } from "@millrace/store-memory";
import { describe, expect, it } from "vitest";
import { createBench, gate, turn } from "../testing/host-bench.ts";
import { createTaskClient, type TaskClientOptions } from "./create-task-client.ts";

function aClient(options: Partial<TaskClientOptions> = {}, wrap: (store: TaskStore) => TaskStore = (store) => store) {
  const clock = createManualClock();
  const calls: (readonly EnqueueGroup[])[] = [];
  const inner = createMemoryTaskStore({ clock });
  const store = wrap({
    ...inner,
    enqueue(groups) {
      calls.push(groups);
      return inner.enqueue(groups);
    },
  });
  const client = createTaskClient({ store, clock, random: createSeededRandom(1), allowUnknownKinds: true, ...options });
  return { client, clock, calls, store };
}

describe("a client", () => {
  it("sends the enqueues of one turn together, each a group of its own", async () => {
    const { client, calls } = aClient();
    const outcomes = await Promise.all([1, 2, 3].map((input) => client.enqueue("k", input)));
    expect(calls.map((groups) => groups.length)).toEqual([3]);
    expect(outcomes.map(({ task }) => task.input)).toEqual([1, 2, 3]);
  });

  it("sends who follows a call that came alone at once, and the rest of its turn together", async () => {
    const { client, calls } = aClient();
    const sizes = () => calls.map((groups) => groups.length);
    await client.enqueue("k");
    const alone = client.enqueue("k");
    expect(sizes()).toEqual([1, 1]);
    await alone;
    await Promise.all([1, 2, 3].map((input) => client.enqueue("k", input)));
    expect(sizes()).toEqual([1, 1, 1, 2]);
    await Promise.all([1, 2, 3].map((input) => client.enqueue("k", input)));
    expect(sizes()).toEqual([1, 1, 1, 2, 3]);
  });

  it("answers with what can be written as JSON, task and all", async () => {
    const { client } = aClient();
    const outcome = await client.enqueue("k", 1, { dedupeKey: "d" });
    const again = await client.enqueue("k", 2, { dedupeKey: "d" });
    expect(JSON.parse(JSON.stringify(outcome))).toMatchObject({ task: { input: 1 }, disposition: "created" });
    expect(JSON.parse(JSON.stringify(again))).toMatchObject({
      task: { id: outcome.task.id },
      deduplicated: true,
      reusedTaskId: outcome.task.id,
    });
  });

  it("moves a queued task to another time, and gives it another input that its schema judges", async () => {
    const input = {
      "~standard": {
        version: 1,
        vendor: "test",
        validate: (value: unknown) => (value === 2 ? { value } : { issues: [{ message: "two" }] }),
      },
    } as const satisfies StandardSchema;
    const { client, clock } = aClient({ tasks: [defineTask({ kind: "k", input, run: () => null })] });
    const { task } = await client.enqueue("k", 2);
    const moved = await client.reschedule(task.id, { delayMs: 5_000, priority: 3 });
    expect(moved).toMatchObject({ scheduledAt: clock.now() + 5_000, priority: 3, state: "scheduled" });
    expect(await client.reschedule(task.id, {})).toMatchObject({ scheduledAt: clock.now(), priority: 3 });
    await expect(client.replaceInput(task.id, 3)).rejects.toMatchObject({ code: "INPUT_INVALID" });
    expect(await client.replaceInput(task.id, 2)).toMatchObject({ input: 2 });
    await client.cancel(task.id);
    await expect(client.reschedule(task.id, {})).rejects.toMatchObject({ code: "WRONG_STATUS" });
    expect(await client.replaceInput(createTaskId(), 2)).toBeNull();
    await expect(client.reschedule(task.id, { delayMs: 1, scheduledAt: 2 })).rejects.toMatchObject({
      code: "OPTION_INVALID",
    });
  });

  it("sends what comes while two calls are under way with the next", async () => {
    const open = gate();
    const sizes: number[] = [];
    const { client } = aClient({}, (store) => ({
      ...store,
      async enqueue(groups) {
        sizes.push(groups.length);
        await open.opened;
        return store.enqueue(groups);
      },
    }));
    const first = client.enqueue("k");
    await turn();
    const second = client.enqueue("k");
    await turn();
    const rest = [client.enqueue("k"), client.enqueue("k"), client.enqueue("k")];
    await turn();
    expect(sizes).toEqual([1, 1]);
    open.open();
    await Promise.all([first, second, ...rest]);
    expect(sizes).toEqual([1, 1, 3]);
  });

  it("F9: makes all tasks of a list or none, and refuses too many", async () => {
    const { client, store } = aClient();
    await client.enqueue("k", 1, { dedupeKey: "d" });
    const items = [{ kind: "k" }, { kind: "k", options: { dedupeKey: "d", dedupePolicy: "reject" as const } }];
    await expect(client.enqueueMany(items)).rejects.toMatchObject({ code: "DEDUPE_CONFLICT", details: { index: 1 } });
    expect((await store.read({})).tasks).toHaveLength(1);
    expect(await client.enqueueMany([])).toEqual([]);
    await expect(client.enqueueMany(Array.from({ length: 10_001 }, () => ({ kind: "k" })))).rejects.toMatchObject({
      code: "GROUP_TOO_LARGE",
    });
  });

  it("one caller's mistake is nobody else's", async () => {
    const { client } = aClient();
    const results = await Promise.allSettled([client.enqueue("k", 1), client.enqueue("k", 1n), client.enqueue("k", 3)]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });

  it("sends an enqueue again when the store was away, as the same task, and gives up in the end", async () => {
    let failures = 2;
    const { client, clock, store } = aClient({}, (inner) => ({
      ...inner,
      async enqueue(groups) {
        const results = await inner.enqueue(groups);
        if (failures > 0) {
          failures -= 1;
          throw new TaskError("STORE_UNAVAILABLE", "the reply was lost");
        }
        return results;
      },
    }));
    const settle = async <Value>(promise: Promise<Value>): Promise<PromiseSettledResult<Value>> => {
      const ended = promise.then(
        () => true,
        () => true,
      );
      while (!(await Promise.race([ended, turn().then(() => false)]))) clock.advance(500);
      const [result] = await Promise.allSettled([promise]);
      return result;
    };
    expect(await settle(client.enqueue("k"))).toMatchObject({ status: "fulfilled", value: { replayed: true } });
    expect((await store.read({})).tasks).toHaveLength(1);
    failures = 99;
    expect(await settle(client.enqueue("k"))).toMatchObject({
      status: "rejected",
      reason: { code: "STORE_UNAVAILABLE" },
    });
  });

  it("R6, T14: knows the kinds it was told of; others must be known to the store", async () => {
    const report = defineTask({ kind: "report", metadata: { team: "a" } });
    const { client } = aClient({ tasks: { report }, allowUnknownKinds: false });
    expect((await client.enqueue(report, undefined)).task).toMatchObject({ metadata: { team: "a" }, status: "queued" });
    await expect(client.enqueue("reprot")).rejects.toMatchObject({ code: "KIND_UNKNOWN" });
    expect(() => aClient({ tasks: [report, report] })).toThrow(expect.objectContaining({ code: "KIND_DUPLICATE" }));
    expect(() => aClient({ maxPayloadBytes: 0 })).toThrow(expect.objectContaining({ code: "OPTION_INVALID" }));
  });

  it("refuses ids and queries that cannot be", async () => {
    const { client } = aClient();
    await expect(client.getTask("42")).rejects.toMatchObject({ code: "TASK_ID_INVALID" });
    await expect(client.listTasks({ limit: 0 })).rejects.toMatchObject({ code: "QUERY_INVALID" });
    await expect(client.awaitResult("42")).rejects.toMatchObject({ code: "TASK_ID_INVALID" });
  });
});

describe("an enqueue inside the caller's transaction", () => {
  /** A store whose transactions are the list of groups they were given. */
  const transactional = (store: TaskStore): TaskStore<EnqueueGroup[]> => ({
    ...store,
    within: (tx) => ({
      settle: (settlements) => store.settle(settlements),
      enqueue(groups) {
        tx.push(...groups);
        return store.enqueue(groups);
      },
    }),
    withinSync: (tx) => ({
      settle: () => [],
      enqueue(groups) {
        tx.push(...groups);
        return groups.map(() => ({ status: "refused", code: "DEDUPE_CONFLICT", message: "taken", index: 0 }));
      },
    }),
  });
  const slow: StandardSchema = { "~standard": { version: 1, vendor: "test", validate: async (value) => ({ value }) } };

  it("goes through the transaction, and nothing else", async () => {
    const clock = createManualClock();
    const client = createTaskClient({
      store: transactional(createMemoryTaskStore({ clock })),
      clock,
      allowUnknownKinds: true,
    });
    const tx: EnqueueGroup[] = [];
    const { task } = await client.within(tx).enqueue("k", { a: 1 });
    expect(tx.map(({ tasks }) => tasks.map(({ id }) => id))).toEqual([[task.id]]);
  });

  it("F9: synchronously where the database is; a schema that is not is refused before anything is written", () => {
    const clock = createManualClock();
    const client = createTaskClient({
      store: transactional(createMemoryTaskStore({ clock })),
      clock,
      tasks: [{ kind: "slow", input: slow }],
      allowUnknownKinds: true,
    });
    const tx: EnqueueGroup[] = [];
    expect(() => client.withinSync(tx).enqueue("k")).toThrow(expect.objectContaining({ code: "DEDUPE_CONFLICT" }));
    expect(tx).toHaveLength(1);
    expect(() => client.withinSync(tx).enqueue("slow")).toThrow(expect.objectContaining({ code: "TX_ASYNC" }));
    expect(tx).toHaveLength(1);
    const plain = aClient({}, ({ withinSync: _withinSync, ...store }) => store).client;
    expect(() => plain.withinSync(undefined as never)).toThrow(expect.objectContaining({ code: "TX_UNSUPPORTED" }));
  });
});

describe("waiting for a result", () => {
  it("ends with the output, of a task of another host too", async () => {
    await using bench = createBench();
    const go = gate<string>();
    const task = defineTask({ kind: "k", run: () => go.opened });
    await bench.started({ tasks: [task] });
    const client = createTaskClient({ store: bench.store, clock: bench.clock, tasks: [task] });
    const { task: made } = await client.enqueue(task, undefined);
    let result: unknown = null;
    void client.awaitResult(made.id).then((output) => (result = output));
    go.open("out");
    await bench.until(() => result !== null);
    expect(result).toBe("out");
  });

  it("T29: ends with the output of a task that is removed as it ends", async () => {
    await using bench = createBench();
    const go = gate<number>();
    const task = defineTask({ kind: "k", retainForMs: 0, run: () => go.opened });
    const host = await bench.started({ tasks: [task] });
    const { task: made } = await host.enqueue(task, undefined);
    const waiting = host.awaitResult(made.id);
    await turn();
    go.open(7);
    expect(await waiting).toBe(7);
    expect(await host.getTask(made.id)).toBeNull();
    await expect(host.awaitResult(made.id)).rejects.toMatchObject({ code: "TASK_NOT_FOUND" });
  });

  it("rejects with what the handler threw, a cancel, the end of its time, or its signal", async () => {
    await using bench = createBench();
    const task = defineTask({
      kind: "k",
      run() {
        throw new RangeError("bad");
      },
    });
    const host = await bench.started({ tasks: [task], allowUnknownKinds: true });
    const { task: made } = await host.enqueue(task, undefined);
    await expect(host.awaitResult(made.id)).rejects.toMatchObject({
      code: "TASK_FAILED",
      details: { failure: { name: "RangeError", message: "bad" } },
    });
    const { task: open } = await host.enqueue("nobody");
    const ends: unknown[] = [];
    const stop = new AbortController();
    for (const options of [{ timeoutMs: 5_000 }, { signal: stop.signal }, {}]) {
      host.awaitResult(open.id, options).catch((error: unknown) => ends.push(error));
    }
    await bench.until(() => ends.length === 1);
    expect(ends[0]).toMatchObject({ code: "WAIT_TIMED_OUT" });
    stop.abort(new Error("enough"));
    await bench.until(() => ends.length === 2);
    expect(ends[1]).toMatchObject({ message: "enough" });
    await host.cancel(open.id);
    await bench.until(() => ends.length === 3);
    expect(ends[2]).toMatchObject({ code: "TASK_CANCELLED" });
  });
});
