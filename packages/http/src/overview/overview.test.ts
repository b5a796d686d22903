import type { HostRecord, KindRecord } from "@millrace/models";
import { createMemoryTaskStore } from "@millrace/store-memory";
import { createSqliteTaskStore } from "@millrace/store-sqlite";
import { describe, expect, it } from "vitest";
import { httpBench } from "../testing/http-bench.ts";
import type { ActivitySums } from "./activity-series.ts";
import { attention, type AttentionScene } from "./attention.ts";
import { quantile } from "./latency.ts";

const now = 1_767_225_600_000;
const minuteMs = 60_000;
const sums = (failed: number, succeeded: number): ActivitySums => ({
  enqueued: 0,
  cancelled: 0,
  retried: 0,
  failed,
  succeeded,
});
const host = (change: Partial<HostRecord> = {}): HostRecord => ({
  hostId: "h1",
  aliveForMs: 30_000,
  kinds: ["a"],
  slots: 4,
  running: 1,
  state: "running",
  label: "",
  version: "",
  podId: null,
  startedAt: now - minuteMs,
  lastSeenAt: now - 1_000,
  aliveUntil: now + 29_000,
  drainRequestedAt: null,
  supersededAt: null,
  supersededBy: null,
  ...change,
});
const quiet: AttentionScene = {
  now,
  recentFrom: now - 15 * minuteMs,
  recent: new Map(),
  usual: new Map(),
  stale: 0,
  running: {},
  fleet: { kinds: [], hosts: [host()], waiting: [] },
  unmet: [],
};
const waiting = (kind: string, forMs: number) => [{ kind, queued: 3, since: now - forMs }];
const codes = (change: Partial<AttentionScene>) => attention({ ...quiet, ...change }).map(({ code }) => code);
const rated = { kind: "a", pausedAt: null, rate: { count: 1, perMs: 60_000 } } as KindRecord;
const missed = {
  tenantId: "",
  scheduleId: "nightly",
  scheduledFor: now - minuteMs,
  until: now - minuteMs,
  count: 1,
  outcome: "missed",
  reason: "catch-up",
  taskId: null,
  recordedAt: now,
} as const;

describe("what calls for attention", () => {
  it("is nothing where all is well", () => {
    expect(codes({})).toEqual([]);
  });

  it.each<[what: string, change: Partial<AttentionScene>, code: string | null]>([
    [
      "ten failures at more than three times the usual rate",
      { recent: new Map([["a", sums(10, 10)]]), usual: new Map([["a", sums(10, 990)]]) },
      "failing",
    ],
    ["nine failures", { recent: new Map([["a", sums(9, 0)]]) }, null],
    [
      "failures at the usual rate",
      { recent: new Map([["a", sums(20, 80)]]), usual: new Map([["a", sums(100, 900)]]) },
      null,
    ],
    ["a silent task", { stale: 1 }, "stale"],
    [
      "a host that was not heard of in time",
      { fleet: { kinds: [], hosts: [host({ aliveUntil: now - 1 })], waiting: [] } },
      "host-lost",
    ],
    [
      "one whose beat is late",
      { fleet: { kinds: [], hosts: [host({ lastSeenAt: now - 21_000 })], waiting: [] } },
      "host-late",
    ],
    [
      "one that was stopped",
      { fleet: { kinds: [], hosts: [host({ state: "stopped", aliveUntil: 0 })], waiting: [] } },
      null,
    ],
    ["due tasks that no host serves", { fleet: { kinds: [], hosts: [host()], waiting: waiting("b", 0) } }, "unserved"],
    [
      "due tasks, free slots, and nothing taken",
      { fleet: { kinds: [], hosts: [host()], waiting: waiting("a", 31_000) } },
      "dispatch-stalled",
    ],
    [
      "the same while some of them run",
      { running: { a: 1 }, fleet: { kinds: [], hosts: [host()], waiting: waiting("a", 31_000) } },
      null,
    ],
    [
      "a long line",
      { running: { a: 4 }, fleet: { kinds: [], hosts: [host({ running: 4 })], waiting: waiting("a", 301_000) } },
      "long-wait",
    ],
    [
      "tasks that wait for their rate",
      { fleet: { kinds: [rated], hosts: [host()], waiting: waiting("a", 31_000) } },
      null,
    ],
    [
      "a paused kind",
      { fleet: { kinds: [{ kind: "b", pausedAt: now } as KindRecord], hosts: [], waiting: waiting("b", 999_000) } },
      null,
    ],
    ["a missed occurrence", { unmet: [missed, missed] }, "schedule-missed"],
    ["one that was skipped as it should be", { unmet: [{ ...missed, outcome: "skipped" }] }, null],
  ])("%s", (_what, change, code) => {
    expect(codes(change)).toEqual(code === null ? [] : [code]);
  });

  it("comes with a query that the query language takes", async () => {
    await using bench = httpBench();
    const [found] = attention({ ...quiet, fleet: { kinds: [], hosts: [], waiting: waiting('odd "kind, x', 0) } });
    expect((await bench.get(`/v1/tasks?q=${encodeURIComponent(found?.q ?? "")}`)).status).toBe(200);
  });
});

it("quantiles are values that were there", () => {
  expect([quantile([], 0.5), quantile([3, 1, 2], 0.5), quantile([1, 2, 3, 4], 0.95)]).toEqual([null, 2, 4]);
});

describe("the overview", () => {
  it.each([
    ["memory", () => createMemoryTaskStore()],
    ["SQLite", () => createSqliteTaskStore({ path: ":memory:" })],
  ])("R44: has counts, series, kinds and hosts over a store in %s", async (_name, make) => {
    await using bench = httpBench({}, make());
    await bench.host.start();
    const id = await bench.enqueue();
    await bench.host.awaitResult(id);
    await bench.enqueue("orphan");
    const { status, body } = await bench.get("/v1/overview?window=15m");
    expect([status, body.window, body.activity.buckets.length]).toEqual([200, "15m", 15]);
    expect(body.counts.byState.succeeded.count).toBe(1);
    expect(body.kinds).toMatchObject([
      { kind: "millrace.bulk", hosts: 1 },
      { kind: "orphan", queued: 1, hosts: 0, due: 1 },
      { kind: "work", ended: 1, failed: 0, hosts: 1, paused: null },
    ]);
    expect(body.hosts).toMatchObject({ live: 1, lost: 0 });
    expect(body.attention).toMatchObject([{ code: "unserved", kind: "orphan", q: "kind:orphan state:queued" }]);
    expect(await bench.get("/v1/overview?window=2h")).toMatchObject({ status: 400, body: { path: "query.window" } });
  });

  it("E30: whoever is kept to a tenant sees numbers of it, and nothing of hosts", async () => {
    await using bench = httpBench({ authorize: () => ({ user: "ann", can: "everything", tenantId: "a" }) });
    await bench.enqueue("work", { tenantId: "a" });
    await bench.enqueue("secret", { tenantId: "b" });
    const { body } = await bench.get("/v1/overview");
    expect(body).toMatchObject({ hosts: null, attention: [], kinds: [{ kind: "work", hosts: null, due: null }] });
    expect(body.counts.total.count).toBe(1);
    expect(body.activity.buckets.at(-1).enqueued).toBe(1);
  });
});

describe("a histogram", () => {
  it("tells when tasks of a query were made, and from when on it knows", async () => {
    await using bench = httpBench();
    await bench.enqueue("a");
    await bench.enqueue("b");
    await bench.enqueue("b");
    const sum = async (query: string): Promise<readonly unknown[]> => {
      const { body } = await bench.get(`/v1/histogram?${query}`);
      const parts = body.parts as readonly { readonly count: number }[];
      return [parts.length, parts.reduce((all, { count }) => all + count, 0), body.searched];
    };
    expect(await sum("")).toEqual([48, 3, null]);
    expect(await sum("q=kind:b&window=7d")).toEqual([84, 2, 2]);
    expect(await sum("q=payload.n:2")).toEqual([48, 0, 3]);
    expect(await bench.get("/v1/histogram?window=1h")).toMatchObject({ status: 400, body: { path: "query.window" } });
  });
});
