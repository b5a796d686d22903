import { expect } from "vitest";
import { aKind } from "../../builders/kind.ts";
import type { StoreCases } from "../store-cases.ts";

/** M2: which task comes first, and what a claim makes of it. */
export const claimOrderCases: StoreCases = (add) => {
  add(
    "R16: a claim sets the lease, counts the attempt and tells one event",
    async ({ enqueue, claim, clock, eventsOf, record }) => {
      const { id } = await enqueue();
      clock.advance(10);
      const [claimed] = await claim({ hostId: "h", leaseMs: 5_000 });
      expect(claimed).toMatchObject({
        results: [],
        task: {
          id,
          status: "claimed",
          attempt: 1,
          version: 2,
          hostId: "h",
          leaseExpiresAt: clock.now() + 5_000,
          claimedAt: clock.now(),
          started: false,
          startedAt: null,
          suspect: false,
        },
      });
      expect(claimed?.task.leaseToken).toEqual(expect.any(String));
      expect(await record(id)).toEqual(claimed?.task);
      expect((await eventsOf(id)).at(-1)).toMatchObject({
        type: "claimed",
        version: 2,
        attempt: 1,
        statusBefore: "queued",
        statusAfter: "claimed",
        hostId: "h",
      });
    },
  );

  add("Q17: what falls due is found by any host that looks, and given once, without a leader", async (bench) => {
    const { store, clock } = bench;
    const made = await bench.enqueueMany(20, { delayMs: 60_000 });
    const looks = async (): Promise<readonly string[]> => {
      const kinds = [{ kind: "work", slots: 20 }];
      const claims = Array.from({ length: 8 }, (_, n) =>
        store.claim({ hostId: `h${n}`, kinds, limit: 20, leaseMs: 30_000, suspects: "include" }),
      );
      return (await Promise.all(claims)).flatMap(({ tasks }) => tasks.map(({ task }) => task.id));
    };
    clock.advance(59_999);
    expect(await looks()).toEqual([]);
    clock.advance(1);
    const given = await looks();
    expect(new Set(given).size).toBe(given.length);
    const left = await bench.claimIds();
    expect([...given, ...left].toSorted()).toEqual(made.map(({ id }) => id).toSorted());
  });

  add("R16: every claim makes a new lease token", async ({ enqueue, runAgain, settle }) => {
    const task = await enqueue();
    const tokens = new Set<string | null>();
    for (let round = 0; round < 4; round += 1) {
      const running = await runAgain(task);
      tokens.add(running.leaseToken);
      await settle(running, { type: "release" });
    }
    expect(tokens.size).toBe(4);
  });

  add("R15, F10, T30: order is priority, then scheduled time, then id", async ({ store, request, clock, claimIds }) => {
    const now = clock.now();
    const tasks = [
      request({ priority: 0, scheduledAt: now - 10 }),
      request({ priority: 5, scheduledAt: now }),
      request({ priority: 5, scheduledAt: now - 1 }),
      request({ priority: -1, scheduledAt: now - 100 }),
      request({ priority: 0, scheduledAt: now - 10 }),
      request({ priority: 0, scheduledAt: now - 11 }),
    ];
    await store.enqueue(tasks.map((task) => ({ tasks: [task] })));
    const order = [2, 1, 5, 0, 4, 3].map((index) => tasks[index]?.id);
    expect(await claimIds()).toEqual(order);
  });

  add("F10: the order holds between kinds of one claim", async ({ store, request, clock, claimIds }) => {
    const now = clock.now();
    const tasks = [
      request({ kind: "a", scheduledAt: now - 1 }),
      request({ kind: "b", scheduledAt: now - 3 }),
      request({ kind: "a", scheduledAt: now - 2, priority: 1 }),
      request({ kind: "b", scheduledAt: now - 2 }),
    ];
    await store.enqueue([{ tasks }]);
    const kinds = [
      { kind: "a", slots: 10 },
      { kind: "b", slots: 10 },
    ];
    const one = await claimIds({ kinds, limit: 1 });
    const rest = await claimIds({ kinds });
    expect([...one, ...rest]).toEqual([2, 1, 3, 0].map((index) => tasks[index]?.id));
  });

  add("T31: a failing task that waits for its retry does not block later ones", async (bench) => {
    const { store, request, claim, settle, clock } = bench;
    const tasks = [0, 1, 2, 3, 4].map(() => request());
    await store.enqueue([{ tasks }]);
    const done: string[] = [];
    for (let round = 0; round < 6; round += 1) {
      const [claimed] = await claim({ limit: 1 });
      if (!claimed) {
        clock.advance(1_000);
        continue;
      }
      const isRetried = claimed.task.id === tasks[2]?.id && claimed.task.attempt === 1;
      const failure = { type: "fail", reason: "TASK_FAILED", failure: "{}", fingerprint: null } as const;
      if (isRetried) await settle(claimed.task, { ...failure, permanent: false, maxAttempts: 2, delayMs: 1_000 });
      else {
        await bench.succeed(claimed.task);
        done.push(claimed.task.id);
      }
    }
    clock.advance(1_000);
    for (const { task } of await claim()) done.push(task.id);
    expect(done).toEqual([0, 1, 3, 4, 2].map((index) => tasks[index]?.id));
  });

  for (const count of [1, 10, 1_000]) {
    add(`R16: a claim of ${count} gives exactly ${count}, once each`, async ({ enqueueMany, claimIds }) => {
      await enqueueMany(count + 5);
      const first = await claimIds({ limit: count });
      const second = await claimIds({ limit: count });
      expect(first).toHaveLength(count);
      expect(new Set([...first, ...second]).size).toBe(Math.min(count * 2, count + 5));
    });
  }

  add("T35, Q22: 20 parallel claims never give one task twice", async ({ store, enqueueMany }) => {
    const tasks = await enqueueMany(50);
    const ask = (n: number) =>
      store.claim({
        hostId: `h${n}`,
        kinds: [{ kind: "work", slots: 5 }],
        limit: 5,
        leaseMs: 1_000,
        suspects: "include",
      });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => ask(n)));
    const ids = answers.flatMap((answer) => answer.tasks.map(({ task }) => task.id));
    expect(ids.toSorted()).toEqual(tasks.map(({ id }) => id));
  });

  add("R14: only kinds that are asked for, and no more of each than its slots", async ({ enqueueMany, claim }) => {
    for (const kind of ["a", "b", "c"]) await enqueueMany(5, { kind });
    const kinds = [
      { kind: "a", slots: 2 },
      { kind: "b", slots: 3 },
    ];
    const claimed = (await claim({ kinds })).map(({ task }) => task.kind);
    expect(claimed.toSorted()).toEqual(["a", "a", "b", "b", "b"]);
    expect(await claim({ kinds: [{ kind: "c", slots: 0 }] })).toEqual([]);
    expect(await claim({ kinds: [] })).toEqual([]);
  });

  add("R16: the limit binds over all kinds, best first", async ({ store, request, claimIds }) => {
    const tasks = [request({ kind: "a" }), request({ kind: "b", priority: 1 }), request({ kind: "a", priority: 2 })];
    await store.enqueue([{ tasks }]);
    const kinds = [
      { kind: "a", slots: 5 },
      { kind: "b", slots: 5 },
    ];
    expect(await claimIds({ kinds, limit: 2 })).toEqual([tasks[2]?.id, tasks[1]?.id]);
  });

  add("a claim that expects one gives the first at least, and says when it left others", async (bench) => {
    const { store, clock, request, enqueue } = bench;
    const kinds = ["a", "b"].map((kind) => ({ kind, slots: 5 }));
    const claimFirst = () =>
      store.claim({ hostId: "h", kinds, limit: 5, leaseMs: 30_000, suspects: "include", expectsOne: true });
    expect(await claimFirst()).toMatchObject({ tasks: [], more: false });
    const tasks = [request({ kind: "a" }), request({ kind: "b", priority: 1 }), request({ kind: "a", priority: 2 })];
    await store.enqueue([{ tasks }]);
    const given: string[] = [];
    for (let more = true; more && given.length <= tasks.length;) {
      const answer = await claimFirst();
      given.push(...answer.tasks.map(({ task }) => task.id));
      expect(answer.tasks.length > 0 || !answer.more).toBe(true);
      ({ more } = answer);
    }
    expect(given).toEqual(tasks.map(({ id }) => id).toReversed());
    await enqueue({ kind: "a", delayMs: 1_000 });
    expect(await claimFirst()).toMatchObject({ tasks: [], more: false, nextDueInMs: 1_000 });
    clock.advance(1_000);
    expect((await claimFirst()).tasks).toHaveLength(1);
  });

  add("a claim that gives all it was asked for does not say that there are more", async ({ store, enqueueMany }) => {
    await enqueueMany(4);
    const ask = { hostId: "h", leaseMs: 30_000, suspects: "include" } as const;
    for (const [limit, slots] of [
      [1, 5],
      [5, 1],
    ] as const) {
      for (const expectsOne of [true, false]) {
        const answer = await store.claim({ ...ask, kinds: [{ kind: "work", slots }], limit, expectsOne });
        expect(answer).toMatchObject({ tasks: [{}], more: false });
      }
    }
  });

  add("Q16: a task is not claimed before its time, by the store's clock", async ({ enqueue, claim, clock }) => {
    await enqueue({ delayMs: 1_000 });
    clock.advance(999);
    expect(await claim()).toEqual([]);
    clock.advance(1);
    expect(await claim()).toHaveLength(1);
  });

  add("Q16: a claim says when the next task of its kinds falls due", async ({ enqueue, store, clock }) => {
    await enqueue({ delayMs: 5_000 });
    await enqueue({ delayMs: 3_000 });
    await enqueue({ delayMs: 1_000, kind: "other" });
    clock.advance(500);
    const answer = await store.claim({
      hostId: "h",
      kinds: [{ kind: "work", slots: 5 }],
      limit: 5,
      leaseMs: 1_000,
      suspects: "include",
    });
    expect(answer).toMatchObject({ tasks: [], more: false, suspectsWaiting: false, nextDueInMs: 2_500 });
  });

  add("order is exact among 3,000 tasks that were scheduled ahead", async ({ store, request, clock, claimIds }) => {
    const tasks = Array.from({ length: 3_000 }, (_, index) =>
      request({ scheduledAt: clock.now() + 1_000 + ((index * 7_919) % 3_000) }),
    );
    await store.enqueue([{ tasks }]);
    clock.advance(1_500);
    const due = tasks.filter((task) => (task.scheduledAt ?? 0) <= clock.now());
    const order = due.toSorted((a, b) => (a.scheduledAt ?? 0) - (b.scheduledAt ?? 0)).map(({ id }) => id);
    expect(await claimIds({ limit: 3_000, kinds: [{ kind: "work", slots: 3_000 }] })).toEqual(order);
  });

  add("fairness `key`: keys take turns within a priority", async ({ store, request, claim }) => {
    await store.setKind([aKind({ fairness: "key" })]);
    const of = (key: string) => request({ concurrencyKeys: [{ key, limit: 100 }] });
    await store.enqueue([{ tasks: [of("a"), of("a"), of("a"), of("b"), of("c")] }]);
    const first = (await claim({ limit: 3 })).map(({ task }) => task.concurrencyKeys[0]?.key);
    expect(new Set(first)).toEqual(new Set(["a", "b", "c"]));
  });
};
