import { describe, expect, it } from "vitest";
import type { Attention, KindRow, Overview } from "../api/answers.ts";
import { niceStep } from "../controls/nice-step.ts";
import { sortedKinds } from "../kinds/kind-order.ts";
import { attentionWords } from "./attention-words.ts";
import { latencyChart, overviewNumbers, throughputChart } from "./overview-numbers.ts";

const state = (count: number) => ({ count, exact: true });
const bucket = (at: number, succeeded: number, failed: number) => ({
  at,
  enqueued: 0,
  succeeded,
  failed,
  cancelled: 0,
  retried: 0,
});
const overview = {
  now: 300_000,
  from: 0,
  window: "15m",
  bucketMs: 60_000,
  counts: { byState: { queued: state(4), running: state(2), claimed: state(1), stale: state(1) } },
  activity: {
    knownFrom: 60_000,
    buckets: [bucket(0, 0, 0), bucket(60_000, 9, 1), bucket(120_000, 0, 0), bucket(180_000, 30, 10)],
  },
  latency: { sampled: 2, buckets: [{ at: 120_000, count: 2, waitP50: 1, waitP95: 2, runP50: 3, runP95: 4 }] },
  kinds: [
    { oldestDueAt: 100_000, paused: null },
    { oldestDueAt: 5, paused: { at: 0, by: null, why: null } },
  ],
  hosts: { slots: 8 },
} as unknown as Overview;

describe("the numbers of the overview", () => {
  it("count what runs and waits, what was paused left out, and the rate of whole minutes only", () => {
    expect(overviewNumbers(overview)).toEqual({
      queued: 4,
      oldestMs: 200_000,
      running: 4,
      slots: 8,
      perMinute: 10 / 3,
      failedShare: 11 / 50,
      failed: 11,
    });
  });

  it("draw failed at the bottom, and a gap where nothing is known", () => {
    const chart = throughputChart(overview);
    expect(chart?.series.map(({ label, values }) => [label, values])).toEqual([
      ["Succeeded", [null, 10, 0, 40]],
      ["Failed", [null, 1, 0, 10]],
    ]);
    expect(throughputChart({ ...overview, activity: null })).toBeNull();
  });

  it("make no latency up between two that are known", () => {
    const { times, series } = latencyChart(overview);
    expect(times).toEqual([0, 60_000, 120_000, 180_000, 240_000, 300_000]);
    expect(series[0]?.values).toEqual([null, null, 1, null, null, null]);
  });
});

it("says of everything that needs a look what it is, with its number", () => {
  const words = (one: Partial<Attention> & { readonly code: string }): string => {
    const { subject, text } = attentionWords({ severity: "bad", ...one }, 600_000);
    return `${subject}: ${text}`;
  };
  expect(words({ code: "failing", kind: "pay", rate: 0.18, usualRate: 0.004, failed: 212, ended: 1_178 })).toBe(
    "pay: failing 18% (usually 0.4%) · 212 of 1,178",
  );
  expect(words({ code: "stale", count: 3 })).toBe("3 tasks stale: their handlers have gone silent");
  expect(words({ code: "host-lost", hostId: "h", label: "", lastSeenAt: 350_000, held: 2 })).toBe(
    "h: lost, last heard of 4m ago · held 2 tasks",
  );
  expect(words({ code: "host-late", hostId: "h", label: "api", lastSeenAt: 590_000 })).toBe(
    "api: late, last heard of 10s ago",
  );
  expect(words({ code: "unserved", kind: "k", queued: 412, since: 0 })).toBe(
    "k: 412 queued, oldest 10m, no host serves this kind",
  );
  expect(words({ code: "dispatch-stalled", kind: "k", queued: 2, freeSlots: 1, since: 0 })).toBe(
    "k: 2 queued and 1 slot free, but nothing was taken for 10m",
  );
  expect(words({ code: "long-wait", kind: "k", queued: 2, since: 0 })).toBe("k: 2 queued, the first waits 10m");
  // No more of them are counted.
  expect(words({ code: "long-wait", kind: "k", queued: 1_000, since: 0 })).toBe(
    "k: 1,000 or more queued, the first waits 10m",
  );
  expect(words({ code: "schedule-missed", scheduleId: "nightly", scheduledFor: 0, count: 1, reason: "catch-up" })).toBe(
    "nightly: missed its run of 10m ago (no host was there in time, and it is not made up for)",
  );
  expect(words({ code: "new-code", kind: "" })).toBe("new-code: new-code");
});

it("kinds that need a look stand first where that was asked for", () => {
  const kind = (name: string, part: Partial<KindRow>): KindRow =>
    ({ kind: name, queued: 0, hosts: 1, paused: null, failed: 0, ended: 10, ...part }) as KindRow;
  const kinds = [
    kind("b", {}),
    kind("a", { queued: 9 }),
    kind("lonely", { queued: 1, hosts: 0 }),
    kind("bad", { failed: 8 }),
  ];
  expect(sortedKinds(kinds, "attention").map(({ kind: name }) => name)).toEqual(["bad", "lonely", "a", "b"]);
  expect(sortedKinds(kinds, "name").map(({ kind: name }) => name)).toEqual(["a", "b", "bad", "lonely"]);
});

it("an axis steps by 1, 2 or 5", () => {
  expect([0.7, 1.2, 3, 7, 40, 90].map(niceStep)).toEqual([1, 2, 5, 10, 50, 100]);
});
