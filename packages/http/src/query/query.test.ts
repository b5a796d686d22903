import { createTaskSnapshot, matchesTaskQuery, readPlainValues, TaskError, type TaskSnapshot } from "@millrace/models";
import { aTask } from "@millrace/conformance/builders";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesGlob } from "./glob.ts";
import { parseQueryText } from "./parse-query-text.ts";
import { passes, planQuery, type QueryWorld } from "./plan-query.ts";

const now = 1_800_000_000_000;
const hour = 3_600_000;
const world: QueryWorld = { now, kinds: ["billing.charge", "billing.refund", "media.resize"], tenantId: null };

function snapshot(change: Parameters<typeof aTask>[0]): TaskSnapshot {
  const task = aTask({ createdAt: now - 2 * hour, scheduledAt: now - 2 * hour, ...change });
  return createTaskSnapshot(task, readPlainValues(task), { now });
}

const failed = snapshot({
  id: "01890000-0000-7000-8000-000000000001",
  kind: "billing.charge",
  status: "failed",
  reason: "TASK_FAILED",
  attempt: 3,
  failures: 3,
  priority: -5,
  tags: ["customer:cus_91", "two words"],
  dedupeKey: "d1",
  concurrencyKeys: [{ key: "c1", limit: 1 }],
  channels: ["scope:a"],
  origin: { type: "schedule", id: "nightly" },
  flowId: "f1",
  failureFingerprint: "abc",
  failure: JSON.stringify({ name: "Error", message: "socket hang up", code: "ECONNRESET" }),
  input: JSON.stringify({ customer: { id: "cus_91", n: 7, ok: true }, rows: [{ sku: "a" }, { sku: "b" }] }),
  output: JSON.stringify({ path: "/x" }),
  startedAt: now - hour,
  finishedAt: now - hour + 30_000,
  lastHostId: "h1",
});

const finds = (text: string, task: TaskSnapshot = failed, as: QueryWorld = world): boolean => {
  const { filter, tests } = planQuery(parseQueryText(text), as);
  return matchesTaskQuery(task, filter, now) && passes(task, tests);
};

it.each([
  ["state:failed took:>1s", false],
  ["payload.customer.n:7", true],
  ["kind:billing.* -result.path:/y", true],
])("inputs and outputs are read only where they are looked at: %s", (text, includeValues) => {
  expect(planQuery(parseQueryText(text), world).includeValues).toBe(includeValues);
});

/** Reads a text, and looks for it; where it is refused, and as what. */
function refusalOf(text: string): { readonly code: string | null; readonly at: number; readonly length: number } {
  try {
    passes(failed, planQuery(parseQueryText(text), world).tests);
    return { code: null, at: 0, length: 0 };
  } catch (error) {
    if (!(error instanceof TaskError)) throw error;
    return { code: error.code, at: Number(error.details["at"]), length: Number(error.details["length"]) };
  }
}

describe("the query language", () => {
  it.each([
    "",
    "   ",
    "kind:billing.charge",
    "kind:billing.*",
    "kind:media.resize,billing.charge",
    "-kind:media.*",
    "kind:billing.* -kind:billing.refund",
    "state:failed",
    "state:failed,queued",
    "-state:succeeded",
    "-state:succeeded -state:queued",
    "id:01890000-0000-7000-8000-000000000001",
    "id:01890000",
    "tag:customer:cus_91",
    'tag:"two words"',
    "tag:customer:*,other",
    "-tag:other",
    "key:d1",
    "key:c1",
    "key:c1 key:d1",
    "channel:scope:a",
    "schedule:nightly",
    "schedule:nightly -trigger:nightly",
    "flow:f1",
    "reason:TASK_FAILED",
    "-reason:TASK_EXPIRED",
    "fingerprint:abc",
    "error:econnreset",
    'error:"socket hang"',
    "attempts:3",
    "attempts:>2 attempts:<=3 failures:2..4 priority:-5",
    "-attempts:>3",
    "age:>1h",
    "age:<3h",
    "age:1h..3h",
    "-age:<1h",
    "took:30s",
    "took:>20s",
    "waited:>=60m",
    "payload.customer.id:cus_91",
    "payload.customer.id:cus_*",
    "payload.customer.n:7",
    "payload.customer.ok:true",
    "payload.rows.sku:b",
    "result.path:/x",
    "billing",
    "01890000",
    "cus_91",
    '"two words"',
    "-media",
  ])("R40, R46: %s finds the task", (text) => {
    expect(finds(text)).toBe(true);
  });

  it.each([
    "kind:billing.refund",
    "kind:billing",
    "-kind:billing.*",
    "kind:billing.* kind:media.*",
    "state:succeeded",
    "-state:failed",
    "state:failed state:queued",
    "id:0189000f",
    "tag:customer",
    "tag:other",
    "key:c2",
    "channel:scope",
    "schedule:weekly",
    "trigger:nightly",
    "host:h1",
    "parent:nonsense",
    "error:timeout",
    "attempts:>3",
    "age:<1h",
    "age:>3h",
    "took:<10s",
    "payload.customer.id:cus_9",
    "payload.customer:cus_91",
    "payload.constructor.name:Object",
    "payload.rows.sku:c",
    "result.missing:null",
    "media",
    "cus_9",
  ])("R40: %s does not", (text) => {
    expect(finds(text)).toBe(false);
  });

  it("S3: a tenant that is given stands, whatever the query says", () => {
    const task = snapshot({ tenantId: "b" });
    for (const text of ["", "tenant:b", "tenant:a", "-tenant:a"]) {
      expect(finds(text, task, { ...world, tenantId: "a" })).toBe(false);
    }
    expect(finds("tenant:b", task)).toBe(true);
  });

  it.each<[text: string, at: number, length: number]>([
    ["kind:a stat:failed", 7, 4],
    ["kind:", 5, 1],
    ["a,,b", 2, 1],
    ['tag:"open', 4, 5],
    ['tag:"a"b', 7, 1],
    ['a"b', 1, 1],
    ["x state:broken", 2, 12],
    ["attempts:many", 0, 13],
    ["attempts:4..2", 0, 13],
    ["age:5", 0, 5],
    ["payload:x", 0, 7],
    ["kind.x:y", 0, 6],
    [`${"a ".repeat(30)}b`, 60, 1],
    ["x".repeat(2_001), 2_000, 1],
  ])("Q63: %s is refused at its place", (text, at, length) => {
    expect(() => planQuery(parseQueryText(text), world)).toThrow(
      expect.objectContaining({ code: "QUERY_INVALID", details: { path: "query.q", at, length } }),
    );
  });

  it("Q63, S22: any text is a query or is refused with a place within it, at once", () => {
    const parts = fc.constantFrom(
      "kind:",
      "-",
      '"',
      ",",
      " ",
      "*",
      "a",
      "payload.a:",
      ">",
      "..",
      "9",
      "\\",
      ":",
      "state:",
      "failed",
      "\ud800",
    );
    const text = fc.oneof(
      fc.string({ maxLength: 100 }),
      fc.array(parts, { maxLength: 60 }).map((list) => list.join("")),
    );
    fc.assert(
      fc.property(text, (given) => {
        const { code, at, length } = refusalOf(given);
        expect([null, "QUERY_INVALID"]).toContain(code);
        expect(at >= 0 && length >= 0 && at <= given.length).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it("S22: the worst pattern costs no more than the product of both lengths", () => {
    const begun = performance.now();
    expect(matchesGlob("a".repeat(100_000), `${"*a".repeat(900)}b`)).toBe(false);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });

  it("a pattern is what is looked for where it holds no star, and anything where it is one", () => {
    expect([
      matchesGlob("a.b", "a?b"),
      matchesGlob("a.b", "a.b"),
      matchesGlob("", "*"),
      matchesGlob("abc", "*b*"),
    ]).toEqual([false, true, true, true]);
  });
});
