import { createMemoryTaskStore } from "@millrace/store-memory";
import type { BeatAnswer, HostBeat, HostsFacet, Lease, ScheduleStore, TaskStore } from "@millrace/models";
import { describe, expect, it } from "vitest";
import { assertEquivalence } from "./properties/equivalence-property.ts";
import { storeConcerns } from "./store-concerns.ts";
import type { StoreBench } from "./store-bench.ts";
import type { TestTaskStoreOptions } from "./store-under-test.ts";
import { withStoreBench } from "./with-store-bench.ts";

/** The memory store with some methods replaced. */
function brokenStore(breakIt: (store: TaskStore) => Partial<TaskStore>): TestTaskStoreOptions {
  return {
    name: "broken",
    capabilities: { missing: ["leaseKeeper", "txFence", "health"] },
    create({ clock, random }) {
      const store = createMemoryTaskStore({ clock, random });
      const broken = breakIt(store);
      const proxy = new Proxy(store, {
        get(target, name) {
          const value: unknown = Reflect.get(broken, name) ?? Reflect.get(target, name);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
      return Promise.resolve({ store: proxy, close: () => store.close() });
    },
  };
}

/** The titles of the cases of a concern that fail. */
async function failuresOf(options: TestTaskStoreOptions, concern: string): Promise<readonly string[]> {
  const cases: { readonly title: string; readonly run: (bench: StoreBench) => Promise<void> }[] = [];
  storeConcerns[concern]?.((title, run) => void cases.push({ title, run }), options);
  expect(cases.length).toBeGreaterThan(0);
  const failed: string[] = [];
  for (const { title, run } of cases) {
    await withStoreBench(options, run).catch(() => void failed.push(title));
  }
  return failed;
}

const current = async (store: TaskStore, lease: Lease): Promise<Lease> => {
  const [record] = await store.get([lease.taskId]);
  return { taskId: lease.taskId, attempt: record?.attempt ?? 0, leaseToken: record?.leaseToken ?? "" };
};

const fenceless = brokenStore((store) => ({
  async settle(settlements) {
    const asks = settlements.map(async (asked) => ({ ...asked, ...(await current(store, asked)) }));
    return store.settle(await Promise.all(asks));
  },
}));

/** The memory store with a registry that does not hear something of each beat. */
const deafTo = (name: "podId" | "begins"): TestTaskStoreOptions =>
  brokenStore((store) => ({
    facet: (facet) => {
      const found = store.facet(facet);
      if (facet !== "hosts" || found === null) return found;
      const hosts = found as HostsFacet;
      const beat = (told: HostBeat): Promise<BeatAnswer> => {
        const { begins: _begins, ...steady } = told;
        return hosts.beat(name === "podId" ? { ...told, podId: null } : steady);
      };
      return { ...hosts, beat } as typeof found;
    },
  }));

/** Which concern must find which flaw. */
const flaws: readonly (readonly [string, string, TestTaskStoreOptions])[] = [
  ["a settlement without a fence", "leases", fenceless],
  [
    "a fence of the attempt's number alone",
    "leases",
    brokenStore((store) => ({
      async report(reports) {
        const asks = reports.map(async (asked) => ({
          ...asked,
          leaseToken: (await current(store, asked)).leaseToken,
        }));
        return store.report(await Promise.all(asks));
      },
    })),
  ],
  [
    "replays that are forgotten",
    "replays",
    brokenStore((store) => ({
      settle: async (settlements) =>
        (await store.settle(settlements)).map((answer) =>
          answer.status !== "lost" && answer.replayed ? { status: "lost", why: "wrong-status" } : answer,
        ),
    })),
  ],
  ["hosts that share a pod", "facet hosts: pods", deafTo("podId")],
  ["a start that replaces nobody", "facet hosts: pods", deafTo("begins")],
  [
    "a dedupe key that is not asked",
    "dedupe",
    brokenStore((store) => ({
      enqueue: (groups) =>
        store.enqueue(groups.map(({ tasks }) => ({ tasks: tasks.map((task) => ({ ...task, dedupeKey: null })) }))),
    })),
  ],
  [
    "supersede that leaves the older ones",
    "supersede",
    brokenStore((store) => ({
      enqueue: (groups) =>
        store.enqueue(
          groups.map(({ tasks }) => ({ tasks: tasks.map((task) => ({ ...task, supersedeExisting: false })) })),
        ),
    })),
  ],
  [
    "keys without a limit",
    "claim: limits",
    brokenStore((store) => ({
      enqueue: (groups) =>
        store.enqueue(
          groups.map(({ tasks }) => ({
            tasks: tasks.map((task) => ({
              ...task,
              concurrencyKeys: task.concurrencyKeys.map(({ key }) => ({ key, limit: 1_000 })),
            })),
          })),
        ),
    })),
  ],
  [
    "a claim in the wrong order",
    "claim: order",
    brokenStore((store) => ({
      async claim(request) {
        const answer = await store.claim(request);
        return { ...answer, tasks: answer.tasks.toReversed() };
      },
    })),
  ],
  [
    "a claim that gives the first alone and is silent about the others",
    "claim: order",
    brokenStore((store) => ({
      async claim(request) {
        const answer = await store.claim(request.expectsOne === true ? { ...request, limit: 1 } : request);
        return { ...answer, more: answer.more && request.expectsOne !== true };
      },
    })),
  ],
  [
    "an extend that extends nothing",
    "leases",
    brokenStore((store) => ({ extend: (leases) => store.extend(leases, 0) })),
  ],
  ["a sweep without a limit", "expire", brokenStore((store) => ({ expire: () => store.expire(1_000) }))],
  [
    "steps that are stored twice under other numbers",
    "report",
    brokenStore((store) => {
      let more = 100;
      return {
        report: (reports) =>
          store.report(
            reports.map((said) =>
              said.steps ? { ...said, steps: said.steps.map((step) => ({ ...step, n: (more += 1) })) } : said,
            ),
          ),
      };
    }),
  ],
  [
    "dependencies that are not waited for",
    "waiting: dependencies",
    brokenStore((store) => ({
      enqueue: (groups) =>
        store.enqueue(groups.map(({ tasks }) => ({ tasks: tasks.map((task) => ({ ...task, dependencies: [] })) }))),
    })),
  ],
  [
    "edges that all continue",
    "waiting: dependency policies",
    brokenStore((store) => ({
      enqueue: (groups) =>
        store.enqueue(
          groups.map(({ tasks }) => ({
            tasks: tasks.map((task) => ({
              ...task,
              dependencies: task.dependencies.map(({ taskId }) => ({ taskId, onFailure: "continue" as const })),
            })),
          })),
        ),
    })),
  ],
  [
    "signals that are kept under new ids",
    "waiting: signals and time",
    brokenStore((store) => {
      let ids = 0;
      return { signal: (asks) => store.signal(asks.map((ask) => ({ ...ask, signalId: `new-${(ids += 1)}` }))) };
    }),
  ],
  [
    "a cancel that is always a terminate",
    "cancel",
    brokenStore((store) => ({ cancel: (asks) => store.cancel(asks.map((ask) => ({ ...ask, mode: "terminate" }))) })),
  ],
  [
    "an event that is lost at the end of a page",
    "events",
    brokenStore((store) => ({
      async events(after, limit, filter) {
        const page = await store.events(after, limit, filter);
        return page.status === "events" && page.more ? { ...page, events: page.events.slice(0, -1) } : page;
      },
    })),
  ],
  [
    "a cursor that stands one entry too early",
    "events",
    brokenStore((store) => ({
      async events(after, limit, filter) {
        const page = await store.events(after, limit, filter);
        if (page.status !== "events" || page.events.length < 2) return page;
        const shorter = await store.events(after, page.events.length - 1, filter);
        return { ...page, cursor: shorter.cursor };
      },
    })),
  ],
  [
    "pages by offset in disguise",
    "read: pages",
    brokenStore((store) => ({
      async read({ after, ...query }) {
        const skipped = after === undefined ? 0 : Number(after);
        const page = await store.read({ ...query, offset: skipped + (query.offset ?? 0) });
        return { ...page, next: page.next === null ? null : String(skipped + page.tasks.length) };
      },
    })),
  ],
  [
    "records that can be changed",
    "plain data",
    brokenStore((store) => ({ get: async (ids) => structuredClone(await store.get(ids)) })),
  ],
  [
    "answers out of line",
    "batches",
    brokenStore((store) => ({ extend: async (leases, leaseMs) => (await store.extend(leases, leaseMs)).toReversed() })),
  ],
  ["a tenant that is not filtered", "tenants", brokenStore((store) => ({ aggregate: () => store.aggregate({}) }))],
  ["a facet that is not there", "facets", brokenStore(() => ({ facet: () => null }))],
  [
    "occurrences that are not unique",
    "facet schedules: occurrences",
    brokenStore((store) => {
      let more = 0;
      return {
        facet: (facet) => {
          const found = store.facet(facet);
          if (facet !== "schedules" || found === null) return found;
          const schedules = found as ScheduleStore;
          const step: ScheduleStore["step"] = (steps) => {
            const moved = steps.map((one) => ({
              ...one,
              occurrences: one.occurrences.map((each) => ({ ...each, scheduledFor: each.scheduledFor + (more += 1) })),
            }));
            return schedules.step(moved);
          };
          return { ...schedules, step } as typeof found;
        },
      };
    }),
  ],
  ["a close that does nothing", "close", brokenStore(() => ({ close: () => Promise.resolve() }))],
];

describe("the suite finds", () => {
  it.each(flaws)("%s, by the cases of %s", async (_flaw, concern, options) => {
    expect(await failuresOf(options, concern)).not.toEqual([]);
  });

  it("a settlement without a fence, by random runs, and says seed and path", async () => {
    const error: unknown = await assertEquivalence({ ...fenceless, runs: { propertyRuns: 300, seed: 42 } }).catch(
      (thrown: unknown) => thrown,
    );
    expect(String(error)).toMatch(/seed: 42, path: "/);
    expect(String(error)).toMatch(/settle\(/);
  });

  it("an event that tells another version, by the invariants after any case", async () => {
    const options = brokenStore((store) => ({
      async events(after, limit, filter) {
        const page = await store.events(after, limit, filter);
        if (page.status === "reset") return page;
        const events = page.events.map((event) =>
          event.taskId !== null && event.type === "succeeded" ? { ...event, version: event.version + 1 } : event,
        );
        return { ...page, events };
      },
    }));
    const run = async (bench: StoreBench): Promise<void> => {
      await bench.succeed(await bench.running());
    };
    await expect(withStoreBench(options, run)).rejects.toThrow(/I9 .*version 5 \(succeeded\) follows 3/);
  });
});
