import { aRequest } from "@millrace/conformance/builders";
import {
  createSeededRandom,
  createTaskId,
  isTaskEvent,
  systemClock,
  type EventCursor,
  type Random,
  type TaskLiveMessage,
  type TaskRecord,
  type TaskStore,
  type TaskSubscriptionQuery,
} from "@millrace/models";
import { describe, expect, it, vi } from "vitest";
import { createTaskLiveHub, type TaskLiveHub, type TaskLiveSubscription } from "./index.ts";
import { doingsOf, isEvent, type Doings } from "./testing/live-world.ts";
import { pick, someTurns, withRandomTurns } from "./testing/random-turns.ts";
import { storePlaces, type StorePlace } from "./testing/store-places.ts";

vi.setConfig({ testTimeout: 60_000 });

const long = Number(process.env["MILLRACE_LONG"] ?? 1);
const lastKind = "the-last";

/** A reader that closes and comes back by cursor, and all it was told. */
interface Reader {
  readonly query: TaskSubscriptionQuery;
  /** One list for each time it subscribed. */
  readonly visits: { readonly after: EventCursor | null; readonly messages: TaskLiveMessage[] }[];
  current: TaskLiveSubscription | null;
}

const queries: readonly TaskSubscriptionQuery[] = [
  {},
  { kinds: ["a", lastKind] },
  { kinds: ["b", lastKind], limit: 1 },
  { statuses: ["queued", "running"], tenantId: "" },
];

/** Tasks of two kinds are enqueued, run, ended and removed, now and then in a transaction that commits late. */
async function work(place: StorePlace, random: Random, count: number): Promise<void> {
  const doings: Doings = doingsOf(place.store);
  const leased: TaskRecord[] = [];
  const open: (() => Promise<void>)[] = [];
  const done: TaskRecord[] = [];
  for (let n = 0; n < count; n += 1) {
    await someTurns(random, 6);
    const kind = random.next() < 0.5 ? "a" : "b";
    const [running, final] = [leased.at(-1), done.at(-1)];
    const dice = random.next();
    if (dice < 0.4) leased.push(await claimNew(doings, kind));
    else if (dice < 0.55 && place.enqueueLate) {
      open.push(await place.enqueueLate(aRequest({ id: createTaskId(), kind: `late-${kind}`, mustKnowKind: false })));
    } else if (dice < 0.65) await open.shift()?.();
    else if (dice < 0.8 && running) await doings.report(running, { progress: { percent: pick(random, 101) } });
    else if (dice < 0.93 && running) {
      leased.pop();
      await doings.settle(running);
      done.push(running);
    } else if (final) await doings.remove(done.pop() ?? final);
    else await doings.enqueue({ kind });
  }
  for (const commit of open) await commit();
}

/**
 * A claim may come away empty beside another one, which took what it saw, while it does not see yet what that one had
 * enqueued. Each enqueues before it claims, so the next one finds a task.
 */
async function claimNew(doings: Doings, kind: string): Promise<TaskRecord> {
  await doings.enqueue({ kind });
  const task = await vi.waitUntil(() => doings.tryClaim(kind), { timeout: 30_000, interval: 1 });
  await doings.report(task, { started: true });
  return task;
}

/** Readers come, go and come back all the while. */
async function readers(hub: TaskLiveHub, random: Random, isOver: () => boolean): Promise<readonly Reader[]> {
  const all: Reader[] = [];
  const visit = async (reader: Reader, after: EventCursor | null): Promise<void> => {
    const messages: TaskLiveMessage[] = [];
    reader.visits.push({ after, messages });
    const listener = (message: TaskLiveMessage): void => void messages.push(message);
    reader.current = await hub.subscribe(reader.query, listener, after === null ? {} : { after });
  };
  while (!isOver()) {
    await someTurns(random, 5);
    const reader = all[pick(random, all.length)];
    if (all.length < 6 || !reader) {
      const fresh: Reader = { query: queries[pick(random, queries.length)] ?? {}, visits: [], current: null };
      all.push(fresh);
      await visit(fresh, null);
    } else {
      reader.current?.close();
      await visit(reader, lastCursor(reader));
    }
  }
  return all;
}

/** The cursor of the last message that the reader has had. */
function lastCursor({ visits }: Reader): EventCursor | null {
  const cursors = visits.flatMap(({ after, messages }) => [
    ...(after === null ? [] : [after]),
    ...messages.flatMap((message) => ("cursor" in message ? [message.cursor] : [])),
  ]);
  return cursors.at(-1) ?? null;
}

/** What the journal says came after a cursor, as far as the query sees it. */
async function journalAfter(store: TaskStore, after: EventCursor, { kinds }: TaskSubscriptionQuery): Promise<string[]> {
  const found: string[] = [];
  for (let cursor = after; ;) {
    const page = await store.events(cursor, 1_000, kinds ? { kinds } : {});
    if (page.status === "reset") throw new Error(`The journal answers reset: ${page.why}`);
    found.push(...page.events.filter(isTaskEvent).map(({ taskId, version }) => `${taskId} ${version}`));
    ({ cursor } = page);
    if (!page.more) return found;
  }
}

/** A task that was removed before its first event was read never belonged to a view. */
async function withoutBirthsOfTheGone(store: TaskStore, entries: readonly string[]): Promise<string[]> {
  const ids = [...new Set(entries.map((entry) => entry.slice(0, 36)))];
  const found = await store.get(ids);
  const gone = new Set(ids.filter((_, index) => found[index] === null));
  return entries.filter((entry) => !(entry.endsWith(" 1") && gone.has(entry.slice(0, 36)))).toSorted();
}

const heardOf = (messages: readonly TaskLiveMessage[]): string[] =>
  messages.filter(isEvent).map(({ event: { taskId, version } }) => `${taskId} ${version}`);

/** The view as a client keeps it: the higher version wins, what does not match any more is dropped. */
function viewOf(messages: readonly TaskLiveMessage[]): ReadonlyMap<string, number> {
  const view = new Map<string, number>();
  for (const message of messages) {
    if (message.type === "bootstrap") {
      view.clear();
      for (const { id, version } of message.snapshots) view.set(id, version);
    } else if (message.type === "event") {
      const { taskId, snapshot, version } = message.event;
      if (message.matches && snapshot) view.set(taskId, Math.max(snapshot.version, view.get(taskId) ?? 0));
      else if (version >= (view.get(taskId) ?? 0)) view.delete(taskId);
    }
  }
  return view;
}

/** Nothing is missing and nothing comes twice, except to one who came back in the middle of a page. */
async function judge(store: TaskStore, { query, visits }: Reader): Promise<void> {
  const last = visits.at(-1);
  if (!last) return;
  const [first] = last.messages;
  const heard = heardOf(last.messages);
  expect(new Set(heard).size, "nothing comes twice in one visit").toBe(heard.length);
  const from = last.after ?? (first?.type === "bootstrap" ? first.cursor : null);
  // What a query without statuses sees does not change with the task: so the journal itself says what must have come.
  const journal = query.statuses === undefined ? await journalAfter(store, from ?? "", query) : heard;
  expect(await withoutBirthsOfTheGone(store, heard), "all that the journal has, and no more").toEqual(
    await withoutBirthsOfTheGone(store, journal),
  );
  const versions = new Map<string, number>();
  for (const { event } of last.messages.filter(isEvent)) {
    expect(event.version, "a task's versions come in order").toBeGreaterThan(versions.get(event.taskId) ?? 0);
    versions.set(event.taskId, event.version);
  }
  const { tasks } = await store.read({ ...query, limit: 1_000 });
  const view = viewOf(visits.flatMap(({ messages }) => messages));
  // A view of one page does not have what lay behind it when it began.
  const missing = query.limit === undefined ? tasks.map(({ id }) => id) : [...view.keys()];
  expect(Object.fromEntries(missing.map((id) => [id, view.get(id)])), "I9: the view is what the store has").toEqual(
    Object.fromEntries(tasks.filter(({ id }) => missing.includes(id)).map(({ id, version }) => [id, version])),
  );
  expect(view.size).toBe(missing.length);
}

const runs: Readonly<Record<string, number>> = { memory: 5, sqlite: 3, postgres: 1 };

describe.each(Object.entries(storePlaces))(
  "I9: between snapshot and tail nothing is lost and nothing doubled, on %s",
  (name, open) => {
    const seeds = Array.from({ length: (runs[name] ?? 1) * long }, (_, index) => 1_000 + index);
    it.each(seeds)("whatever happens meanwhile, seed %i", async (seed) => {
      const random = createSeededRandom(seed);
      await using place = await open();
      const source = withRandomTurns(place.store, random);
      await using hub = createTaskLiveHub(source, { gatherMs: 0, pollIntervalMs: 50, clock: systemClock });
      let isOver = false;
      const working = Promise.all([work(place, random, 60), work(place, random, 60)]).finally(() => (isOver = true));
      const all = await readers(hub, random, () => isOver);
      await working;
      const marker = await doingsOf(place.store).enqueue({ kind: lastKind });
      const hasMarker = ({ visits }: Reader): boolean =>
        heardOf(visits.at(-1)?.messages ?? []).includes(`${marker.id} 1`) ||
        JSON.stringify(visits.at(-1)?.messages ?? []).includes(marker.id);
      await vi.waitFor(() => expect(all.every(hasMarker)).toBe(true), { timeout: 30_000, interval: 5 });
      for (const reader of all) await judge(place.store, reader);
    });
  },
);
