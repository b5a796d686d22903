import {
  createSeededRandom,
  isTaskError,
  isTaskEvent,
  journalStart,
  type EventCursor,
  type JournalEvent,
} from "@millrace/models";
import { expect } from "vitest";
import { leaseOf } from "../../builders/lease.ts";
import { aStep } from "../../builders/step.ts";
import type { StoreBench } from "../store-bench.ts";
import type { StoreCases } from "../store-cases.ts";

/** Reads on from a cursor, `limit` at a time. */
async function readOn(
  { store }: StoreBench,
  from: EventCursor,
  limit = 1_000,
): Promise<{ readonly events: readonly JournalEvent[]; readonly cursor: EventCursor }> {
  const events: JournalEvent[] = [];
  let cursor = from;
  for (;;) {
    const page = await store.events(cursor, limit);
    if (page.status === "reset") throw new Error(`The journal answered reset: ${page.why}.`);
    events.push(...page.events);
    ({ cursor } = page);
    if (!page.more) return { events, cursor };
  }
}

async function makeHistory(bench: StoreBench): Promise<void> {
  for (let n = 0; n < 4; n += 1) {
    const task = await bench.running({ kind: n % 2 === 0 ? "even" : "odd", tenantId: n < 2 ? "" : "acme" });
    await bench.store.report([{ ...leaseOf(task), progress: { percent: n }, steps: [aStep(1), aStep(2)] }]);
    if (n !== 3) await bench.succeed(task);
  }
  await bench.enqueueMany(5);
}

/** The journal. */
export const eventCases: StoreCases = (add, options) => {
  add("R47: the journal of an empty store is empty, and its cursor goes on", async (bench) => {
    const first = await bench.store.events(journalStart, 10);
    expect(first).toMatchObject({ status: "events", events: [], more: false });
    const { id } = await bench.enqueue();
    expect((await readOn(bench, first.cursor)).events).toMatchObject([{ type: "enqueued", taskId: id }]);
  });

  for (const limit of [1, 3, 1_000]) {
    add(`I9: read ${limit} at a time, nothing is skipped and nothing comes twice`, async (bench) => {
      await makeHistory(bench);
      const whole = (await readOn(bench, journalStart)).events;
      const { events, cursor } = await readOn(bench, journalStart, limit);
      expect(events).toEqual(whole);
      expect(events).toHaveLength(4 * 6 + 3 + 5);
      expect((await readOn(bench, cursor, limit)).events).toEqual([]);
    });
  }

  add("I9: a page holds at most `limit` entries, and says whether there is more", async (bench) => {
    await bench.enqueueMany(10);
    const page = await bench.store.events(journalStart, 4);
    expect(page).toMatchObject({ status: "events", more: true });
    expect(page.status === "events" && page.events.length).toBe(4);
    const rest = await bench.store.events(page.cursor, 6);
    expect(rest).toMatchObject({ status: "events", more: false });
  });

  add("I9: versions of a task follow each other in the journal's order", async (bench) => {
    await makeHistory(bench);
    const versions = new Map<string, number>();
    for (const event of (await readOn(bench, journalStart, 5)).events) {
      if (!isTaskEvent(event)) continue;
      expect(event.version).toBe((versions.get(event.taskId) ?? 0) + 1);
      versions.set(event.taskId, event.version);
    }
    for (const { id, version } of (await bench.store.read({ limit: 1_000 })).tasks)
      expect(versions.get(id)).toBe(version);
  });

  add("I9: a reader that polls while others write sees everything once", async (bench) => {
    let cursor = journalStart;
    const seen: JournalEvent[] = [];
    const poll = async (): Promise<void> => {
      const page = await readOn(bench, cursor, 7);
      seen.push(...page.events);
      ({ cursor } = page);
    };
    const writers = Array.from({ length: 20 }, async (_, n) => {
      const task = await bench.running({ kind: `parallel-${n}` });
      if (n % 3 === 0) await poll();
      await bench.succeed(task);
    });
    // One reader at a time: polls that overlap would share a cursor.
    for (const writer of writers) await writer;
    await poll();
    expect(seen.length).toBeGreaterThanOrEqual(80);
    const ids = new Set(seen.map((event) => JSON.stringify([event.taskId, isTaskEvent(event) && event.version])));
    expect(ids.size).toBe(80);
  });

  for (const [name, filter, matches] of [
    ["tenant", { tenantId: "acme" }, (event: JournalEvent) => isTaskEvent(event) && event.tenantId === "acme"],
    ["kinds", { kinds: ["odd"] }, (event: JournalEvent) => isTaskEvent(event) && event.kind === "odd"],
    [
      "types",
      { types: ["succeeded", "progress"] },
      ({ type }: JournalEvent) => ["succeeded", "progress"].includes(type),
    ],
    ["no type", { types: [] }, () => false],
  ] as const) {
    add(`a reader filters by ${name}; its cursor passes what was left out`, async (bench) => {
      await makeHistory(bench);
      const whole = (await readOn(bench, journalStart)).events;
      const events: JournalEvent[] = [];
      let cursor = journalStart;
      for (let isMore = true; isMore;) {
        const page = await bench.store.events(cursor, 3, filter);
        if (page.status === "reset") throw new Error("reset");
        events.push(...page.events);
        ({ cursor } = page);
        isMore = page.more;
      }
      expect(events).toEqual(whole.filter((event) => matches(event)));
      expect((await readOn(bench, cursor)).events).toEqual([]);
    });
  }

  add("a reader filters by tasks", async (bench) => {
    const [one, , three] = await bench.enqueueMany(3);
    const page = await bench.store.events(journalStart, 10, { taskIds: [three?.id ?? "", one?.id ?? ""] });
    const ids = page.status === "events" ? page.events.map(({ taskId }) => taskId) : [];
    expect(ids).toEqual([one?.id, three?.id]);
  });

  add("a cursor of another store answers reset; beside a snapshot the reader goes on at the end", async (bench) => {
    const other = await options.create({ clock: bench.clock, random: createSeededRandom(7) });
    await other.store.enqueue([{ tasks: [bench.request()] }]);
    const { cursor: foreign } = await other.store.read({});
    await other.close();
    await bench.enqueue();
    const page = await bench.store.events(foreign, 10);
    expect(page).toMatchObject({ status: "reset", why: "epoch", cursor: expect.any(String) });
    expect((await readOn(bench, page.cursor)).events).toEqual([]);
    const { id } = await bench.enqueue();
    expect((await readOn(bench, page.cursor)).events).toMatchObject([{ taskId: id }]);
  });

  for (const cursor of ["garbage", "%%%", "🦀", "{}"]) {
    add(`a malformed cursor ${JSON.stringify(cursor)} is CURSOR_INVALID`, async ({ enqueue, store }) => {
      await enqueue();
      const error: unknown = await store.events(cursor, 10).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(isTaskError(error, "CURSOR_INVALID")).toBe(true);
    });
  }

  add("R46: channels are those the task has when the event is read", async ({ enqueue, eventsOf }) => {
    const { id } = await enqueue({ channels: ["x", "y"] });
    expect((await eventsOf(id))[0]?.channels).toEqual(["x", "y"]);
  });

  add("R49: an event never carries input or output", async (bench) => {
    const task = await bench.running({ input: '"secret-input"' });
    await bench.succeed(task, '"secret-output"');
    expect(JSON.stringify(await bench.journal())).not.toContain("secret");
  });

  add("R47: a kept journal is read on after a restart", async (bench) => {
    if (!bench.canReopen) return;
    const before = await bench.enqueue();
    const { cursor } = await readOn(bench, journalStart);
    await bench.reopen();
    expect(await bench.store.get([before.id])).toEqual([before]);
    const { id } = await bench.enqueue();
    expect((await readOn(bench, cursor)).events).toMatchObject([{ type: "enqueued", taskId: id }]);
  });

  add("watch: the hint is wanted no more once it was given back", async ({ store, enqueue }) => {
    let hints = 0;
    const stop = store.watch(() => {
      hints += 1;
    });
    await enqueue();
    stop();
    stop();
    const before = hints;
    await enqueue();
    await store.read({});
    expect(hints).toBe(before);
  });

  add("watch: a listener that throws harms nobody", async ({ store, enqueue, record }) => {
    const stop = store.watch(() => {
      throw new Error("a listener broke");
    });
    const { id } = await enqueue();
    stop();
    expect(await record(id)).toMatchObject({ status: "queued" });
  });
};
