import { setImmediate } from "node:timers/promises";
import { aFailSettlement, aRequest, leaseOf } from "@millrace/conformance";
import {
  createTaskId,
  type EnqueueRequest,
  isFinal,
  isTaskEvent,
  type JournalEvent,
  type LeaseAnswer,
  type Settlement,
  type TaskRecord,
  type TaskStore,
} from "@millrace/models";
import { expect, it } from "vitest";
import { openStores } from "./testing/stores.ts";

const request = (change: Partial<EnqueueRequest> = {}): EnqueueRequest =>
  aRequest({ id: createTaskId(), mustKnowKind: false, ...change });

const finals = ["succeeded", "failed", "cancelled"];
const once = aFailSettlement({ permanent: false, maxAttempts: 3, delayMs: 0 });
const done: Settlement = { type: "succeed", output: "1" };

const processes = 4;

/** What several processes share: the tasks that are still open, and word of each that was settled. */
class Shared {
  readonly open: Set<string>;
  #word = Promise.withResolvers<void>();
  #resting = 0;

  constructor(requests: readonly EnqueueRequest[]) {
    this.open = new Set(requests.map(({ id }) => id));
  }

  /** Resolves once somebody has settled something, or everybody rests: then whoever was in the way of a claim is not any more. */
  get word(): Promise<void> {
    return this.#word.promise;
  }

  async rest(word: Promise<void>): Promise<void> {
    this.#resting += 1;
    if (this.#resting === processes) this.#tell();
    await word;
    this.#resting -= 1;
  }

  settled(answers: readonly LeaseAnswer[], tasks: readonly TaskRecord[]): void {
    for (const [index, answer] of answers.entries()) {
      if (answer.status === "held" && answer.next && isFinal(answer.next)) this.open.delete(tasks[index]?.id ?? "");
    }
    this.#tell();
  }

  #tell(): void {
    this.#word.resolve();
    this.#word = Promise.withResolvers();
  }
}

interface Worker {
  readonly kinds: readonly string[];
  readonly shared: Shared;
  /** Told when a task begins and ends to be held. */
  readonly held: (task: TaskRecord, by: 1 | -1) => void;
}

/** Claims and settles until nothing is open any more. */
async function work(store: TaskStore, hostId: string, { kinds, shared, held }: Worker): Promise<void> {
  while (shared.open.size > 0) {
    const { word } = shared;
    const { tasks: claimed } = await store.claim({
      hostId,
      kinds: kinds.map((kind) => ({ kind, slots: 7 })),
      limit: 10,
      leaseMs: 30_000,
      suspects: "include",
    });
    const tasks = claimed.map(({ task }) => task);
    if (tasks.length === 0 && shared.open.size > 0) await shared.rest(word);
    if (tasks.length === 0) continue;
    for (const task of tasks) held(task, 1);
    // The others take their turn while these are held.
    await setImmediate();
    // Told before it is sent: the slot is free as soon as the store has committed.
    for (const task of tasks) held(task, -1);
    const asks = tasks.map((task, index) => {
      return { ...leaseOf(task), started: true, settlement: index % 5 === 4 && task.failures === 0 ? once : done };
    });
    const answers = await store.settle(asks);
    expect(answers.filter(({ status }) => status !== "held")).toEqual([]);
    shared.settled(answers, tasks);
  }
}

async function allEvents(store: TaskStore): Promise<readonly JournalEvent[]> {
  const events: JournalEvent[] = [];
  let cursor = "";
  for (let more = true; more;) {
    const page = await store.events(cursor, 100);
    if (page.status !== "events") throw new Error(`the journal answered ${page.status}`);
    events.push(...page.events);
    ({ cursor, more } = page);
  }
  return events;
}

function expectGapless(events: readonly JournalEvent[]): void {
  const versions = new Map<string, number>();
  for (const event of events.filter(isTaskEvent)) {
    expect(event.version, event.taskId).toBe((versions.get(event.taskId) ?? 0) + 1);
    versions.set(event.taskId, event.version);
  }
}

it(
  "R58, Q21, Q22, T35, I1, I4, I5: four processes share 800 plain tasks, each of which ends once",
  { timeout: 60_000 },
  async () => {
    await using open = await openStores(processes);
    const [first] = open.stores;
    const requests = Array.from({ length: 800 }, () => request());
    await Promise.all(requests.map(async (one) => first?.enqueue([{ tasks: [one] }])));
    const shared = new Shared(requests);
    const owners = new Map<string, number>();
    await Promise.all(
      open.stores.map((store, index) =>
        work(store, `host-${index}`, {
          kinds: ["work"],
          shared,
          held: (task, by) => void owners.set(task.id, (owners.get(task.id) ?? 0) + Math.max(by, 0)),
        }),
      ),
    );
    const records = (await first?.get(requests.map(({ id }) => id))) ?? [];
    for (const record of records) {
      expect(record?.status).toBe("succeeded");
      expect(owners.get(record?.id ?? "")).toBe(record?.attempt);
    }
    if (first) expectGapless(await allEvents(first));
  },
);

it(
  "I7: four processes never hold more of a key than its limit, and none is left behind",
  { timeout: 60_000 },
  async () => {
    await using open = await openStores(processes);
    const [first] = open.stores;
    const keys = ["a", "b", "c"];
    const running = new Map<string, number>();
    const over: string[] = [];
    const requests = Array.from({ length: 300 }, (_, index) =>
      request({
        kind: index % 2 === 0 ? "work" : "other",
        concurrencyKeys: [{ key: keys[index % 3] ?? "a", limit: (index % 3) + 1 }],
      }),
    );
    const shared = new Shared(requests);
    for (let at = 0; at < 300; at += 30) {
      await first?.enqueue(requests.slice(at, at + 30).map((one) => ({ tasks: [one] })));
    }
    await Promise.all(
      open.stores.map((store, index) =>
        work(store, `host-${index}`, {
          kinds: ["work", "other"],
          shared,
          held: ({ concurrencyKeys: [key] }, by) => {
            const now = (running.get(key?.key ?? "") ?? 0) + by;
            running.set(key?.key ?? "", now);
            if (now > (key?.limit ?? 0)) over.push(`${now} of ${key?.key}`);
          },
        }),
      ),
    );
    expect(over).toEqual([]);
    const records = (await first?.get(requests.map(({ id }) => id))) ?? [];
    expect(records.filter((record) => !finals.includes(record?.status ?? ""))).toEqual([]);
    // The row of a key goes with the last open task that carries it; one that stayed would be a slot lost.
    const { rows } = await open.place.client.query(
      `select count(*)::int as n from "${open.place.schema}".millrace_key`,
    );
    expect(rows).toEqual([{ n: 0 }]);
    if (first) expectGapless(await allEvents(first));
  },
);

it("I8: joins over tasks that four processes settle fire once, after all of them", { timeout: 60_000 }, async () => {
  await using open = await openStores(processes);
  const [first] = open.stores;
  const parts = Array.from({ length: 120 }, () => request({ kind: "part" }));
  const joins = Array.from({ length: 12 }, (_, index) =>
    request({
      kind: "join",
      dependencies: parts
        .filter((_part, at) => at % 12 === index || at % 7 === 0)
        .map(({ id }) => ({ taskId: id, onFailure: "continue" as const })),
    }),
  );
  await first?.enqueue([{ tasks: [...parts, ...joins] }]);
  const shared = new Shared([...parts, ...joins]);
  const begun: { readonly id: string; readonly at: number }[] = [];
  await Promise.all(
    open.stores.map((store, index) =>
      work(store, `host-${index}`, {
        kinds: ["part", "join"],
        shared,
        held: (task, by) => {
          if (by === 1 && task.kind === "join" && task.attempt === 1)
            begun.push({ id: task.id, at: task.claimedAt ?? 0 });
        },
      }),
    ),
  );
  expect(begun.map(({ id }) => id).toSorted()).toEqual(joins.map(({ id }) => id).toSorted());
  const ended = new Map(
    (await first?.get(parts.map(({ id }) => id)))?.map((part) => [part?.id, part?.finishedAt ?? 0]),
  );
  for (const { id, at } of begun) {
    const join = joins.find((one) => one.id === id);
    for (const { taskId } of join?.dependencies ?? []) expect(ended.get(taskId)).toBeLessThanOrEqual(at);
  }
});

it("R9, R10: lists of the same keys in opposite orders make one task a key", { timeout: 60_000 }, async () => {
  await using open = await openStores(processes);
  const keys = Array.from({ length: 40 }, (_, n) => `key ${n}`);
  for (const change of [{ dedupeKey: "" }, { supersedeKey: "", supersedeExisting: true }]) {
    const [field = ""] = Object.keys(change);
    const list = (key: string) => ({ tasks: [request({ ...change, kind: field, [field]: key })] });
    const answers = await Promise.all(
      open.stores.map((store, n) => store.enqueue((n % 2 === 0 ? keys : keys.toReversed()).map(list))),
    );
    expect(answers.flat().filter(({ status }) => status !== "stored")).toEqual([]);
    const page = await open.stores[0]?.read({ kinds: [field], statuses: ["queued"], limit: 200 });
    expect(page?.tasks.map((task) => task[field as "dedupeKey"]).toSorted()).toEqual(keys.toSorted());
  }
});

it("R9: 20 enqueues of one key from four processes make one task", { timeout: 60_000 }, async () => {
  await using open = await openStores(processes);
  const answers = await Promise.all(
    Array.from({ length: 20 }, async (_, index) =>
      open.stores[index % 4]?.enqueue([{ tasks: [request({ dedupeKey: "only" })] }]),
    ),
  );
  const dispositions = answers.flatMap((answer) => {
    const [result] = answer ?? [];
    return result?.status === "stored" ? result.results.map(({ disposition }) => disposition) : [];
  });
  expect(dispositions.toSorted()).toEqual(["created", ...Array.from({ length: 19 }, () => "reused")]);
});

it(
  "I9: a long transaction delays nobody's events; its own come after its commit, once",
  { timeout: 60_000 },
  async () => {
    await using open = await openStores(1);
    const [store] = open.stores;
    if (!store) return;
    const { client } = open.place;
    await store.enqueue([{ tasks: [request()] }]);
    const slow = request();
    await client.query("begin");
    await store.within(client).enqueue([{ tasks: [slow] }]);
    const quick = [request(), request()];
    for (const one of quick) await store.enqueue([{ tasks: [one] }]);
    const before = await allEvents(store);
    expect(before.filter(isTaskEvent).map(({ taskId }) => taskId)).toEqual(
      expect.arrayContaining(quick.map(({ id }) => id)),
    );
    expect(before.filter(isTaskEvent).map(({ taskId }) => taskId)).not.toContain(slow.id);
    const page = await store.events("", 1_000);
    await client.query("commit");
    const after = await store.events(page.cursor, 1_000);
    expect(after.status === "events" ? after.events.filter(isTaskEvent).map(({ taskId }) => taskId) : []).toEqual([
      slow.id,
    ]);
  },
);

it(
  "Q22, M18: a claim that meets a task just being changed takes it as it was changed",
  { timeout: 60_000 },
  async () => {
    await using open = await openStores(1);
    const [store] = open.stores;
    if (!store) return;
    const { client, schema } = open.place;
    const claimOf = { hostId: "h", limit: 300, leaseMs: 30_000, suspects: "include" } as const;
    const mixed: string[] = [];
    for (let round = 0; round < 60; round += 1) {
      const kind = `kind-${round}`;
      await store.enqueue(Array.from({ length: 300 }, () => ({ tasks: [request({ kind, input: "0" })] })));
      // What a replaced input does to the two rows, in the shortest transaction there is.
      const change = client.query(`begin;
      update "${schema}".millrace_queue set version = 2 where kind = '${kind}';
      update "${schema}".millrace_task set version = 2, input = '1' where kind = '${kind}' and status = 1;
      commit`);
      // Claims that follow each other closely: the commit falls into one of them.
      const tasks: TaskRecord[] = [];
      while (tasks.length === 0) {
        const answer = await store.claim({ ...claimOf, kinds: [{ kind, slots: 300 }] });
        tasks.push(...answer.tasks.map(({ task }) => task));
      }
      await change;
      // Claimed as version 1 it has the first input, claimed as version 2 the second.
      mixed.push(...tasks.flatMap(({ id, input, version }) => (input === String(version - 2) ? [] : [id])));
    }
    expect(mixed).toEqual([]);
  },
);
