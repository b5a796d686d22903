import { buildTaskAggregateSnapshot } from "@millrace/models";
import { describe, expect, it } from "vitest";
import { atLeast } from "./at-least.ts";
import { asksCountersOnly, CountedAggregate, isCounted } from "./counted-aggregate.ts";

const moment = { now: 1_000, cursor: "epoch.7" };
const queued = { status: "queued", staleAt: null } as const;

function ofTwoKinds(): CountedAggregate {
  const counted = new CountedAggregate();
  counted.add(2, { kind: "mail", status: "queued", state: "queued" });
  counted.add(1, { kind: "report", status: "running", state: "running" });
  return counted;
}

describe("an aggregate from counters", () => {
  it("tells what counting the tasks one by one would tell", () => {
    const counted = ofTwoKinds();
    counted.move(1, "queued", "scheduled");
    counted.move(1, "running", "stale");
    const tasks = [
      { ...queued, kind: "mail", scheduledAt: 0, failures: 0 },
      { ...queued, kind: "mail", scheduledAt: 2_000, failures: 0 },
      { kind: "report", status: "running", scheduledAt: 0, failures: 0, staleAt: 900 } as const,
    ];
    expect(counted.snapshot(moment)).toEqual(buildTaskAggregateSnapshot(tasks, moment));
  });

  it("leaves out a kind of which nothing is left", () => {
    const counted = ofTwoKinds();
    counted.add(-2, { kind: "mail", status: "queued", state: "queued" });
    expect(Object.keys(counted.snapshot(moment).byKind)).toEqual(["report"]);
  });

  it("marks what may stand elsewhere among the queued, and nothing else", () => {
    const counted = ofTwoKinds();
    counted.markQueuedInexact();
    const { byState, byStatus, total } = counted.snapshot(moment);
    const inexact = Object.entries(byState).filter(([, { exact }]) => !exact);
    expect(inexact.map(([state]) => state).toSorted()).toEqual(["queued", "retrying", "scheduled"]);
    expect([total.exact, ...Object.values(byStatus).map(({ exact }) => exact)]).not.toContain(false);
  });

  it("is a lower bound all over when there were more rows than were counted", () => {
    const { total, byStatus, byState, byKind } = atLeast(ofTwoKinds().snapshot(moment));
    const counts = [total, ...[byStatus, byState, byKind].flatMap((by) => Object.values(by))];
    expect(counts.map(({ exact }) => exact)).not.toContain(true);
    expect([total.count, byStatus.queued.count, byKind["report"]?.count]).toEqual([3, 2, 1]);
  });
});

describe("a filter that counters can answer", () => {
  it("asks for tenant, kinds and statuses at the most", () => {
    expect(asksCountersOnly({})).toBe(true);
    expect(asksCountersOnly({ tenantId: "a", kinds: ["mail"], statuses: ["queued"] })).toBe(true);
    expect(asksCountersOnly({ kinds: ["mail"], tags: ["x"] })).toBe(false);
  });

  it("means the tasks that agree with all it asks for", () => {
    const tasks = { tenantId: "a", kind: "mail", status: "queued" } as const;
    expect(isCounted({}, tasks)).toBe(true);
    expect(isCounted({ tenantId: "a", kinds: ["mail"], statuses: ["queued"] }, tasks)).toBe(true);
    expect(isCounted({ tenantId: "b" }, tasks)).toBe(false);
    expect(isCounted({ kinds: [] }, tasks)).toBe(false);
    expect(isCounted({ statuses: ["running"] }, tasks)).toBe(false);
  });
});
