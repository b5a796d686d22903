import { aTask } from "@millrace/conformance/builders";
import {
  createSeededRandom,
  createTaskId,
  createTaskSnapshot,
  readPlainValues,
  toTaskLifecycleEvent,
  type TaskEventType,
  type TaskLiveEvent,
  type TaskLiveMessage,
  type TaskRecord,
  type TaskSnapshot,
  type TaskStep,
} from "@millrace/models";
import { describe, expect, it } from "vitest";
import { createTaskLiveTracker } from "./index.ts";

const timestamp = "2026-01-01T00:00:00.000Z";
const ids = Array.from({ length: 10 }, () => createTaskId());
const [one = "", two = "", three = ""] = ids;

function snapshotOf(id: string, version: number, change: Partial<TaskRecord> = {}): TaskSnapshot {
  const task = aTask({ id, version, updatedAt: 1_000 + version, ...change });
  return createTaskSnapshot(task, readPlainValues(task), { now: 0 });
}

function bootstrap(snapshots: readonly TaskSnapshot[], cursor = "c0"): TaskLiveMessage {
  return { type: "bootstrap", query: {}, snapshots, steps: {}, aggregate: null, cursor, timestamp };
}

interface Told {
  readonly version: number;
  readonly type?: TaskEventType;
  readonly snapshot?: TaskSnapshot | null;
  readonly step?: TaskStep;
  readonly cursor?: string;
}

function anEvent(taskId: string, told: Told): TaskLiveEvent {
  const {
    version,
    type = "progress",
    snapshot = snapshotOf(taskId, version),
    step = null,
    cursor = `c${version}`,
  } = told;
  const { tenantId, kind } = aTask({});
  const statusAfter = type === "removed" ? null : "running";
  const event = toTaskLifecycleEvent(
    {
      type,
      taskId,
      tenantId,
      kind,
      version,
      attempt: 1,
      at: 0,
      statusBefore: "running",
      statusAfter,
      reason: null,
      hostId: null,
      channels: [],
      data: null,
    },
    { snapshot, step },
  );
  return { type: "event", event, matches: snapshot !== null, cursor, timestamp };
}

function aStep(n: number): TaskStep {
  const rest = { kind: "step", level: "info", message: `m${n}`, meta: null, percent: null, at: 0 } as const;
  return { id: `1.${n}`, taskId: one, attempt: 1, n, ...rest };
}

const shown = (tracker: ReturnType<typeof createTaskLiveTracker>): string[] =>
  tracker.getState().snapshots.map(({ id, version }) => `${ids.indexOf(id)} v${version}`);

describe("R52: a tracker", () => {
  it("knows nothing at first, then what it is told, what changed last coming first", () => {
    const tracker = createTaskLiveTracker();
    expect(tracker.getState()).toEqual({
      snapshots: [],
      steps: {},
      lastEvents: {},
      aggregate: null,
      updatedAt: null,
      status: "connecting",
      isOld: false,
      end: null,
    });
    expect(tracker.cursor).toBeNull();
    tracker.apply(bootstrap([snapshotOf(one, 1), snapshotOf(two, 3)]));
    tracker.apply(anEvent(one, { version: 5 }));
    expect([shown(tracker), tracker.cursor]).toEqual([["0 v5", "1 v3"], "c5"]);
    expect(tracker.getState().updatedAt).toBe(timestamp);
  });

  it("keeps the higher version, whatever comes late or twice", () => {
    const tracker = createTaskLiveTracker();
    tracker.apply(bootstrap([snapshotOf(one, 4)]));
    tracker.apply(anEvent(one, { version: 3 }));
    tracker.apply(anEvent(one, { version: 3, snapshot: null, type: "claimed" }));
    expect(shown(tracker)).toEqual(["0 v4"]);
    tracker.apply(anEvent(one, { version: 5 }));
    tracker.apply(bootstrap([snapshotOf(one, 2), snapshotOf(two, 1)]));
    expect(shown(tracker)).toEqual(["0 v5", "1 v1"]);
  });

  it("drops what no longer matches or is removed, and takes it back when it matches again", () => {
    const tracker = createTaskLiveTracker();
    tracker.apply(bootstrap([snapshotOf(one, 1), snapshotOf(two, 1), snapshotOf(three, 1)]));
    tracker.apply(anEvent(one, { version: 2, snapshot: null }));
    tracker.apply(anEvent(two, { version: 2, type: "removed", snapshot: null }));
    tracker.apply(anEvent(two, { version: 2, type: "removed", snapshot: null }));
    expect(shown(tracker)).toEqual(["2 v1"]);
    tracker.apply(anEvent(one, { version: 3 }));
    expect(shown(tracker)).toEqual(["0 v3", "2 v1"]);
    tracker.apply(bootstrap([snapshotOf(two, 1)]));
    expect(shown(tracker)).toEqual(["1 v1"]);
  });

  it("keeps steps in order, each once, the newest ones", () => {
    const tracker = createTaskLiveTracker({ stepLimit: 3 });
    tracker.apply({ ...bootstrap([snapshotOf(one, 1)]), steps: { [one]: [aStep(1), aStep(2)] } } as TaskLiveMessage);
    for (const n of [3, 2, 5, 4]) tracker.apply(anEvent(one, { version: n, type: "step", step: aStep(n) }));
    expect(tracker.getState().steps[one]?.map(({ message }) => message)).toEqual(["m3", "m4", "m5"]);
  });

  it("F61: says what happened last to a task, and when", () => {
    const tracker = createTaskLiveTracker();
    tracker.apply(bootstrap([snapshotOf(one, 1)]));
    tracker.apply(anEvent(one, { version: 3, type: "claimed" }));
    tracker.apply(anEvent(one, { version: 2, type: "enqueued" }));
    expect(tracker.getState().lastEvents).toEqual({
      [one]: { event: "claimed", version: 3, timestamp: "1970-01-01T00:00:00.000Z" },
    });
  });

  it("keeps a bounded number: those that changed last", () => {
    const tracker = createTaskLiveTracker({ limit: 3 });
    tracker.apply(bootstrap(ids.slice(0, 5).map((id, n) => snapshotOf(id, n + 1))));
    expect(shown(tracker)).toEqual(["4 v5", "3 v4", "2 v3"]);
    tracker.apply(anEvent(one, { version: 9 }));
    expect(shown(tracker)).toEqual(["0 v9", "4 v5", "3 v4"]);
  });

  it("says when it is old, and when there is no more to come, and keeps what it has", () => {
    const tracker = createTaskLiveTracker();
    tracker.apply(bootstrap([snapshotOf(one, 1)]));
    tracker.apply({ type: "resync", why: "overflow", timestamp });
    expect([tracker.getState().isOld, shown(tracker), tracker.cursor]).toEqual([true, ["0 v1"], "c0"]);
    tracker.apply(bootstrap([snapshotOf(one, 2)], "c9"));
    expect([tracker.getState().isOld, tracker.cursor]).toEqual([false, "c9"]);
    const end = {
      type: "end",
      code: "ACCESS_REFUSED",
      message: "m",
      fix: "f",
      path: null,
      retryable: false,
      timestamp,
    } as const;
    tracker.apply(end);
    expect(tracker.getState()).toMatchObject({ end, status: "ended", snapshots: [{ id: one }] });
  });

  it("shows the same object until something changes, and tells once a turn", async () => {
    const tracker = createTaskLiveTracker();
    let told = 0;
    const stop = tracker.onChange(() => (told += 1));
    const before = tracker.getState();
    expect(tracker.getState()).toBe(before);
    tracker.apply({ type: "something-newer" } as unknown as TaskLiveMessage);
    tracker.setStatus("connecting");
    expect(tracker.getState()).toBe(before);
    tracker.apply(bootstrap([snapshotOf(one, 1)]));
    tracker.apply(anEvent(one, { version: 2 }));
    tracker.setStatus("live");
    expect(tracker.getState()).not.toBe(before);
    expect(told).toBe(0);
    await Promise.resolve();
    expect(told).toBe(1);
    stop();
    tracker.setStatus("reconnecting");
    await Promise.resolve();
    expect(told).toBe(1);
  });

  it("takes hostile ids and texts as data", () => {
    const tracker = createTaskLiveTracker();
    const hostile = { ...snapshotOf("__proto__", 1), summary: "<script>\u202e\ud800" };
    tracker.apply(JSON.parse(JSON.stringify(bootstrap([hostile]))) as TaskLiveMessage);
    tracker.apply(anEvent("__proto__", { version: 2, type: "step", step: aStep(1) }));
    tracker.apply(anEvent("constructor", { version: 2 }));
    expect(
      tracker
        .getState()
        .snapshots.map(({ id }) => id)
        .toSorted(),
    ).toEqual(["__proto__", "constructor"]);
    expect(({} as Record<string, unknown>)["summary"]).toBeUndefined();
    expect(Object.keys(tracker.getState().steps)).toEqual(["__proto__"]);
  });
});

it.each(Array.from({ length: 30 }, (_, n) => n))(
  "I9: ends where the server is, however messages come twice or late, seed %i",
  (seed) => {
    const random = createSeededRandom(seed);
    const pick = (end: number): number => Math.floor(random.next() * end);
    const history: TaskLiveMessage[] = [];
    const truth = new Map<string, number>();
    const versions = new Map<string, number>();
    for (let n = 0; n < 60; n += 1) {
      const id = ids[pick(4)] ?? one;
      const version = (versions.get(id) ?? 0) + 1;
      versions.set(id, version);
      const matches = random.next() < 0.7;
      if (matches) truth.set(id, version);
      else truth.delete(id);
      history.push(anEvent(id, { version, snapshot: matches ? snapshotOf(id, version) : null }));
    }
    const tracker = createTaskLiveTracker();
    for (let place = 0; place < history.length;) {
      // As a reader that comes back does: some of what it had comes again, in its order.
      const from = Math.max(0, place - pick(8));
      const to = Math.min(history.length, place + 1 + pick(8));
      for (const message of history.slice(from, to)) tracker.apply(message);
      place = to;
    }
    const found = tracker.getState().snapshots.map(({ id, version }) => [id, version] as const);
    expect(new Map(found)).toEqual(truth);
  },
);
