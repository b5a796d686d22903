import { aGroup, aRequest } from "@millrace/conformance";
import { type ClaimRequest, createManualClock, type TaskQuery, type TaskStore } from "@millrace/models";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { createSqliteTaskStore } from "./create-sqlite-task-store.ts";

// Tables that grow with the number of tasks: no statement may read one of them from end to end.
const large = [
  "task",
  "loose",
  "input",
  "due",
  "shelf",
  "keyed",
  "timer",
  "dedupe",
  "label",
  "edge",
  "event",
  "memo",
  "occurrence",
];
// What the statements call them; `d`, `i` and `j` are small lists that a statement is given.
const aliases = "tlxewksry";

/** Statements that may read, or sort, more than they answer, each with its reason. */
const allowed: Readonly<Record<string, string>> = {
  "a list with no filter is the table itself, in order": "not indexed",
  "the newest row": "order by seq desc limit 1",
  "the oldest row": "order by seq limit 1",
  "many rows, where it is looked at first": "update or fail",
};

const claimOf = (change: Partial<ClaimRequest> = {}): ClaimRequest => ({
  hostId: "h",
  kinds: [{ kind: "work", slots: 10 }],
  limit: 10,
  leaseMs: 1_000,
  suspects: "include",
  ...change,
});

const queries: readonly TaskQuery[] = [
  {},
  { kinds: ["work"] },
  { kinds: ["work", "other"] },
  { statuses: ["succeeded"] },
  { statuses: ["failed"], kinds: ["work"] },
  { statuses: ["queued"] },
  { statuses: ["running", "claimed"] },
  { statuses: ["blocked", "suspended", "paused"] },
  { states: ["scheduled"] },
  { states: ["retrying"] },
  { states: ["stale"] },
  { tags: ["t"] },
  { channels: ["scope:a"] },
  { dedupeKey: "d" },
  { supersedeKey: "s" },
  { concurrencyKey: "k" },
  { tenantId: "acme" },
  { rootId: aRequest().id },
  { parentId: aRequest().id },
  { flowId: "f" },
  { originId: "o" },
  { taskIds: [aRequest().id] },
];

/** Uses everything the store does often. */
async function exercise(store: TaskStore, advance: (ms: number) => void): Promise<void> {
  await store.enqueue([
    aGroup({}, {}, {}),
    aGroup({ delayMs: 500, tags: ["t"], channels: ["scope:a"] }),
    aGroup({ dedupeKey: "d" }),
    aGroup({ supersedeKey: "s", supersedeExisting: true }),
    aGroup({ concurrencyKeys: [{ key: "k", limit: 1 }] }),
    aGroup({ concurrencyKeys: [{ key: "k", limit: 1 }] }),
    aGroup({ expiresInMs: 100, retainForMs: 5 }),
  ]);
  const parent = aRequest();
  await store.enqueue([{ tasks: [parent, aRequest({ dependencies: [{ taskId: parent.id, onFailure: "abort" }] })] }]);
  const { tasks } = await store.claim(claimOf());
  const leases = tasks.map(({ task }) => ({ taskId: task.id, attempt: 1, leaseToken: task.leaseToken ?? "" }));
  await store.extend(leases, 1_000);
  await store.report(leases.map((lease) => ({ ...lease, started: true, progress: { percent: 5 } })));
  await store.settle(
    leases.slice(0, 5).map((lease) => ({ ...lease, started: true, settlement: { type: "succeed", output: "1" } })),
  );
  await store.markStale(1, 10);
  advance(2_000);
  await store.expire(10);
  await store.claim(claimOf());
  for (const query of queries) await store.read(query);
  await store.aggregate({ kinds: ["work"] });
  await store.events("", 100);
  await store.steps({ taskId: parent.id });
  await store.attempts(parent.id);
  await store.facet("retention")?.prune({ successTtlMs: 1_000_000, keepLatestSuccessesPerKind: 1 }, 10);
  await store.facet("retention")?.preview({ successTtlMs: 1_000_000, keepLatestSuccessesPerKind: 1 });
  const hosts = store.facet("hosts");
  const beat = {
    podId: "p",
    aliveForMs: 1,
    kinds: [],
    slots: 1,
    running: 0,
    state: "running",
    label: "",
    version: "",
  } as const;
  for (const hostId of ["h1", "h2"]) await hosts?.beat({ ...beat, hostId, begins: { recover: true } });
  await hosts?.tellUnserved();
  const schedules = store.facet("schedules");
  const schedule = { tenantId: "a", scheduleId: "s" };
  for (const query of [{}, { tenantId: "a" }, { schedule }]) await schedules?.occurrences(query);
  await schedules?.prune(3_600_000, 10);
  await store.expire(10);
  await store.cancel(leases.map(({ taskId }) => ({ taskId, mode: "terminate", reason: null, by: null })));
}

/** A common life of so many at once that each size of the statements for many rows is used. */
async function exerciseMany(store: TaskStore): Promise<void> {
  const count = 64 + 20 + 8;
  await store.enqueue([aGroup(...Array.from({ length: count }, () => ({ kind: "many" })))]);
  const { tasks } = await store.claim(claimOf({ kinds: [{ kind: "many", slots: count }], limit: count }));
  await store.settle(
    tasks.map(({ task: { id, attempt, leaseToken } }) => ({
      taskId: id,
      attempt,
      leaseToken: leaseToken ?? "",
      started: true,
      settlement: { type: "succeed", output: "1" },
    })),
  );
}

async function plans(analyzed: boolean): Promise<ReadonlyMap<string, string>> {
  const database = new Database(":memory:");
  const texts = new Set<string>();
  const prepare = database.prepare.bind(database);
  database.prepare = (sql: string) => {
    texts.add(sql);
    return prepare(sql);
  };
  const clock = createManualClock();
  const store = createSqliteTaskStore({ database, clock });
  await exercise(store, (ms) => clock.advance(ms));
  await exerciseMany(store);
  if (analyzed) database.exec("analyze");
  const found = new Map<string, string>();
  for (const text of texts) {
    if (!/^\s*(select|insert|update|delete)/i.test(text)) continue;
    const count = prepare(`explain query plan ${text}`);
    const values = Array.from({ length: (text.match(/\?/g) ?? []).length }, () => null);
    const rows = count.all(...values) as readonly { readonly detail: string }[];
    found.set(text.trim().replace(/\s+/g, " "), rows.map(({ detail }) => detail).join("; "));
  }
  await store.close();
  database.close();
  return found;
}

it("no statement reads a table that grows from end to end, analyzed or never analyzed", async () => {
  for (const analyzed of [false, true]) {
    for (const [text, plan] of await plans(analyzed)) {
      if (Object.values(allowed).some((part) => text.includes(part))) continue;
      const scanned = new RegExp(`SCAN (${large.map((table) => `millrace_${table}`).join("|")}|[${aliases}])(;|$)`);
      expect(scanned.test(plan), `${analyzed ? "analyzed" : "never analyzed"}: ${text}\n  ${plan}`).toBe(false);
    }
  }
});

it("the plans of the hot statements are the same, analyzed or not, and sort nothing", async () => {
  const hot =
    /indexed by millrace_task_(ready|lease|final|kind)|from millrace_(due|keyed|timer|shelf|label|occurrence)/;
  const [never, analyzed] = [await plans(false), await plans(true)];
  const hotOf = (all: ReadonlyMap<string, string>): readonly (readonly [string, string])[] =>
    [...all].filter(([text]) => hot.test(text)).toSorted(([a], [b]) => (a < b ? -1 : 1));
  expect(hotOf(analyzed)).toEqual(hotOf(never));
  expect(hotOf(never)).toMatchSnapshot();
  const claim = hotOf(never).filter(([text]) => /status = 1 and kind = \+\? and scheduled_at/.test(text));
  expect(claim.length).toBeGreaterThan(0);
  for (const [text, plan] of claim.filter(([sql]) => sql.includes("offset"))) {
    expect(plan, text).not.toContain("TEMP B-TREE");
  }
});

it("a statement for many rows finds each of them by its number", async () => {
  const many = [...(await plans(false))].filter(([text]) => text.startsWith("update or fail"));
  expect(many).toHaveLength(6);
  for (const [text, plan] of many) {
    expect(plan, text).toContain("SEARCH millrace_task USING INTEGER PRIMARY KEY (rowid=?)");
  }
});

it("many rows go one by one while statistics say that the table is nearly empty", async () => {
  const ran: string[] = [];
  const database = new Database(":memory:", { verbose: (sql) => ran.push(String(sql).trim()) });
  const store = createSqliteTaskStore({ database });
  await store.enqueue([aGroup({})]);
  database.exec("analyze");
  await exerciseMany(store);
  expect(ran.filter((sql) => sql.startsWith("update millrace_task")).length).toBeGreaterThanOrEqual(2 * 92);
  expect(ran.filter((sql) => sql.startsWith("update or fail"))).toEqual([]);
  await store.close();
  database.close();
});

it("no parameter stands where its value would have the statement planned again", async () => {
  const texts = [...(await plans(false)).keys()];
  expect(texts.some((text) => text.includes("limit +?"))).toBe(true);
  expect(texts.filter((text) => /(=|limit|offset) \?/.test(text))).toEqual([]);
});
