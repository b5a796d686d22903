import { createManualClock, type ManualClock } from "@millrace/models";
import { createMemoryTaskStore } from "@millrace/store-memory";
import { afterEach, describe, expect, it } from "vitest";
import { httpBench, type HttpBench } from "./testing/http-bench.ts";

interface FailingBench {
  readonly bench: HttpBench;
  readonly clock: ManualClock;
  /** Has so many tasks fail, one ms later. */
  fail(count?: number, fingerprint?: string | null): Promise<void>;
  /** The one group there is of that state, or none. */
  group(query?: string): Promise<Record<string, unknown> | null>;
  mark(body: unknown, key?: string): Promise<{ readonly status: number; readonly body: Record<string, unknown> }>;
}

const key = "fingerprint:aa";
const path = (name: string): string => `/v1/errors/${encodeURIComponent(name)}/mark`;
const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const bench of open.splice(0)) await bench[Symbol.asyncDispose]();
});

function failingBench(options: Parameters<typeof httpBench>[0] = {}): FailingBench {
  const clock = createManualClock();
  const store = createMemoryTaskStore({ clock });
  const bench = httpBench(options, store);
  open.push(bench);
  const kinds = [{ kind: "work", slots: 100 }];
  return {
    bench,
    clock,
    async fail(count = 1, fingerprint = "aa") {
      clock.advance(1);
      for (let n = 0; n < count; n += 1) await bench.enqueue();
      const claim = { hostId: "h", leaseMs: 30_000, kinds, limit: 100, suspects: "include" } as const;
      const { tasks } = await store.claim(claim);
      const failure = JSON.stringify({ name: "Error", message: "no" });
      const failed = { type: "fail", reason: "TASK_FAILED", failure, permanent: true, maxAttempts: 1 } as const;
      const settlement = { ...failed, fingerprint, delayMs: 0 };
      await store.settle(
        tasks.map(({ task: { id: taskId, attempt, leaseToken } }) => {
          return { taskId, attempt, leaseToken: leaseToken ?? "", started: true, settlement };
        }),
      );
    },
    async group(query = "") {
      const { body } = await bench.get(`/v1/errors?${query}`);
      return body.groups[0] ?? null;
    },
    mark: (body, name = key) => bench.post(path(name), body),
  };
}

describe("a group of failures", () => {
  it("says its key and that it is open, as long as nobody has said anything of it", async () => {
    const { fail, group, bench } = failingBench();
    await fail(2);
    expect(await group()).toMatchObject({ key, state: "open", reopened: null, mark: null, failedSince: null });
    expect((await bench.get("/v1/errors")).body.byState).toEqual({ open: 1, resolved: 0, ignored: 0 });
  });

  it("that was resolved is not among the open ones until one of its tasks fails again", async () => {
    const { fail, group, mark, clock } = failingBench();
    await fail();
    expect(await mark({ state: "resolved", note: "deployed" })).toMatchObject({
      status: 200,
      body: { mark: { key, state: "resolved", by: "ops", note: "deployed", at: clock.now() }, before: null },
    });
    // Failed in the millisecond of the mark: that is what was looked at when it was set.
    expect(await group("state=open")).toBeNull();
    expect(await group("state=resolved")).toMatchObject({ state: "resolved", failedSince: 0, mark: { by: "ops" } });
    await fail();
    expect(await group("state=resolved")).toBeNull();
    expect(await group("state=open")).toMatchObject({ state: "open", reopened: "regressed", failedSince: 1 });
  });

  it("that is ignored comes back after so many, and only then", async () => {
    const { fail, group, mark } = failingBench();
    await fail(2);
    await mark({ state: "ignored", untilCount: 3 });
    await fail(2);
    expect(await group("state=ignored")).toMatchObject({ count: 4, failedSince: 2, mark: { untilCount: 3 } });
    await fail();
    expect(await group("state=ignored")).toBeNull();
    expect(await group("state=open")).toMatchObject({ reopened: "count-reached", failedSince: 3 });
    await mark({ state: "ignored" });
    await fail(9);
    expect(await group("state=ignored")).toMatchObject({ mark: { untilCount: null } });
  });

  it("is counted beyond what was looked at, also among those of a query and without a fingerprint", async () => {
    const { fail, group, mark } = failingBench();
    await fail(3, null);
    const lost = "reason:TASK_FAILED";
    for (const [name, fingerprint] of [[lost, null] as const, [key, "aa"] as const]) {
      await mark({ state: "ignored", untilCount: 5 }, name);
      await fail(5, fingerprint);
      expect(await group("most=2&state=open")).toMatchObject({ key: name, count: 2, failedSince: 5 });
      expect(await group(`q=${name}`)).toMatchObject({ key: name, state: "open" });
    }
  });

  it("is open again once its mark is taken back, and both are in the audit", async () => {
    const { fail, group, mark, bench } = failingBench();
    await fail();
    await mark({ state: "resolved", note: "deployed" });
    await mark({ state: "ignored" });
    const taken = await bench.delete(path(key));
    expect(taken.body).toMatchObject({ mark: null, before: { state: "ignored" } });
    expect((await bench.delete(path(key))).body).toEqual({ mark: null, before: null });
    expect(await group("state=open")).toMatchObject({ mark: null });
    const target = { type: "failure", id: key };
    expect(bench.audits).toMatchObject([
      { action: "mark-failures", target, before: "open", after: "resolved", why: "deployed", user: "ops" },
      { before: "resolved", after: "ignored", why: null },
      { before: "ignored", after: "open", outcome: "done" },
      { before: "open", after: "open" },
    ]);
  });

  it("has no mark for whoever is kept to a tenant, who cannot set one either", async () => {
    const { bench, group, mark, fail } = failingBench({
      authorize: () => ({ user: "ann", can: "everything", tenantId: "" }),
    });
    await fail();
    await bench.host.markFailures([{ key, state: "resolved" }]);
    expect(await group("state=open")).toMatchObject({ key, state: "open", mark: null });
    expect((await bench.get("/v1/errors")).body.byState).toBeNull();
    expect(await mark({ state: "ignored" })).toMatchObject({ status: 403, body: { code: "REQUEST_FORBIDDEN" } });
    expect((await bench.delete(path(key))).status).toBe(403);
  });

  it("of a store that keeps no marks is open, and cannot be marked", async () => {
    const store = createMemoryTaskStore();
    await using bench = httpBench(
      {},
      { ...store, facet: (name) => (name === "failureMarks" ? null : store.facet(name)) },
    );
    expect((await bench.get("/v1/errors?state=open")).body).toMatchObject({ groups: [], byState: null });
    expect(await bench.post(path(key), { state: "resolved" })).toMatchObject({ body: { code: "FACET_MISSING" } });
  });
});
