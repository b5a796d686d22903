import { isTaskError, type Codec, type EnqueueOptions, type StandardSchema } from "@millrace/models";
import { describe, expect, it } from "vitest";
import { planEnqueue, type EnqueueAsk, type EnqueuePlanning } from "./enqueue-request.ts";
import type { KnownKind } from "./known-kind.ts";
import { isPromise } from "./maybe-async.ts";
import { createValueCodec } from "./value-codec.ts";

const id = "01234567-89ab-7def-8123-456789abcdef";
const other = "01234567-89ab-7def-8123-456789abcde0";

function aPlanning(fields: Partial<EnqueuePlanning> & { readonly kinds?: readonly KnownKind[] } = {}): EnqueuePlanning {
  const { kinds = [], ...rest } = fields;
  return {
    values: createValueCodec(null, []),
    maxPayloadBytes: 262_144,
    allowUnknownKinds: true,
    makeId: () => id,
    find: (kind) => kinds.find((known) => known.kind === kind) ?? null,
    ...rest,
  };
}

const anAsk = (fields: Partial<EnqueueAsk> = {}): EnqueueAsk => ({
  kind: "k",
  input: undefined,
  options: {},
  ...fields,
});
const plan = async (ask: Partial<EnqueueAsk>, planning = aPlanning()) => planEnqueue(anAsk(ask), planning);

/** The code and path of a refusal. */
async function refusal(ask: Partial<EnqueueAsk>, planning = aPlanning()): Promise<readonly unknown[]> {
  try {
    await plan(ask, planning);
  } catch (error) {
    return isTaskError(error) ? [error.code, error.details["path"]] : [error];
  }
  return ["not refused"];
}

/** A schema over a function that throws what is wrong. */
function schema<Output>(
  parse: (value: unknown) => Output | Promise<Output>,
  path: readonly string[] = [],
): StandardSchema<unknown, Output> {
  const failed = (error: unknown) => ({ issues: [{ message: (error as Error).message, path }] });
  return {
    "~standard": {
      version: 1,
      vendor: "test",
      validate(value) {
        try {
          const parsed = parse(value);
          return isPromise(parsed) ? parsed.then((found) => ({ value: found }), failed) : { value: parsed };
        } catch (error) {
          return failed(error);
        }
      },
    },
  };
}

const fail = (message: string): never => {
  throw new Error(message);
};

describe("the task that an enqueue asks for", () => {
  it("T13: needs nothing but a kind", async () => {
    expect(await plan({})).toEqual({
      id,
      tenantId: "",
      kind: "k",
      kindVersion: 1,
      priority: 0,
      scheduledAt: null,
      delayMs: 0,
      expiresAt: null,
      expiresInMs: null,
      input: null,
      state: null,
      metadata: {},
      context: {},
      logContext: {},
      traceParent: null,
      summary: null,
      tags: [],
      channels: [],
      origin: { type: "client", id: null },
      rootId: null,
      parentId: null,
      flowId: null,
      dedupeKey: null,
      dedupePolicy: "reuse",
      dedupeForMs: null,
      debounceMs: null,
      supersedeKey: null,
      supersedeExisting: false,
      concurrencyKeys: [],
      retry: {},
      timeoutMs: null,
      watchdogMs: null,
      retainForMs: null,
      maxInterruptions: 3,
      afterCrash: "retry",
      dependencies: [],
      waitTimeoutMs: null,
      mustKnowKind: false,
    });
  });

  it("F2, R6: takes what the task says, else the kind, else the parent", async () => {
    const kind: KnownKind = {
      kind: "k",
      version: 4,
      priority: 5,
      metadata: { from: "kind" },
      watchdogMs: 10,
      retainForMs: 20,
      maxInterruptions: null,
      afterCrash: "fail",
    };
    const parent = {
      parentId: other,
      rootId: other,
      flowId: null,
      tenantId: "t",
      priority: 9,
      context: { user: "ann", request: "1" },
      logContext: { a: "parent" },
      traceParent: null,
      origin: { type: "task", id: other },
    } as const;
    const planning = aPlanning({ kinds: [kind] });
    expect(await plan({ parent }, planning)).toMatchObject({
      kindVersion: 4,
      priority: 5,
      metadata: { from: "kind" },
      watchdogMs: 10,
      retainForMs: 20,
      maxInterruptions: null,
      afterCrash: "fail",
      tenantId: "t",
      parentId: other,
      rootId: other,
      origin: { type: "task", id: other },
    });
    const options: EnqueueOptions = {
      priority: 1,
      metadata: { from: "task" },
      watchdogMs: 1,
      retainForMs: -1,
      context: { request: "2" },
      tenantId: "u",
    };
    expect(await plan({ parent, options }, planning)).toMatchObject({
      priority: 1,
      metadata: { from: "task" },
      watchdogMs: 1,
      retainForMs: -1,
      context: { user: "ann", request: "2" },
      logContext: { a: "parent" },
      tenantId: "u",
    });
    expect(await plan({ kind: "other", parent }, planning)).toMatchObject({ priority: 9 });
  });

  it("F9, T14: a kind that nobody described is the store's to know, unless unknown kinds are allowed", async () => {
    const strict = aPlanning({ allowUnknownKinds: false, kinds: [{ kind: "known" }] });
    expect(await plan({ kind: "known" }, strict)).toMatchObject({ mustKnowKind: false });
    expect(await plan({ kind: "unknown" }, strict)).toMatchObject({ mustKnowKind: true });
    expect(await plan({ kind: "unknown", options: { allowUnknownKinds: true } }, strict)).toMatchObject({
      mustKnowKind: false,
    });
    expect(await plan({ kind: "unknown", definition: { kind: "unknown" } }, strict)).toMatchObject({
      mustKnowKind: false,
    });
  });

  it("R7: takes a time as text, Date or number", async () => {
    const at = Date.UTC(2030, 1, 2);
    for (const scheduledAt of [at, new Date(at), new Date(at).toISOString()]) {
      expect(await plan({ options: { scheduledAt } })).toMatchObject({ scheduledAt: at });
    }
  });

  it("R26, T15: keeps only what was said of retries: null is for ever", async () => {
    expect((await plan({ options: { maxAttempts: null } })).retry).toEqual({ maxAttempts: null });
    expect((await plan({ options: { backoff: { type: "fixed", delayMs: 5_000 } } })).retry).toEqual({
      backoff: { type: "fixed", delayMs: 5_000 },
    });
  });

  it("R11: sorts concurrency keys, so that every store takes them in one order", async () => {
    const options: EnqueueOptions = { concurrencyKey: "b", concurrencyKeys: ["c", { key: "a", limit: 3 }] };
    expect((await plan({ options })).concurrencyKeys).toEqual([
      { key: "a", limit: 3 },
      { key: "b", limit: 1 },
      { key: "c", limit: 1 },
    ]);
  });

  it("throttling is a dedupe window", async () => {
    expect(await plan({ options: { dedupeKey: "d", throttleMs: 50 } })).toMatchObject({
      dedupeForMs: 50,
      dedupePolicy: "reuse",
    });
  });

  it("T13: is a copy: what the caller changes afterwards is not stored", async () => {
    const input = { list: [1] };
    const metadata = { a: { b: 1 } };
    const request = await plan({ input, options: { metadata } });
    input.list.push(2);
    metadata.a.b = 2;
    expect(request).toMatchObject({ input: '{"list":[1]}', metadata: { a: { b: 1 } } });
  });

  it("computes the summary, and tags of searchable paths", async () => {
    const kind: KnownKind = {
      kind: "k",
      searchable: ["customer.id", "lines", "missing", "object"],
      summary: (input: { customer: { id: string } }) => `order of ${input.customer.id}\n${"x".repeat(300)}`,
    };
    const input = { customer: { id: "cus_1" }, lines: ["a", 2, true], object: {} };
    const request = await plan({ input, options: { tags: ["own"] } }, aPlanning({ kinds: [kind] }));
    expect(request.tags).toEqual(["own", "customer.id:cus_1", "lines:a", "lines:2", "lines:true"]);
    expect(request.summary).toHaveLength(200);
    expect(request.summary).toMatch(/^order of cus_1 x+…$/);
  });

  it("a summary that throws is no reason to refuse a task", async () => {
    const kind: KnownKind = { kind: "k", summary: () => fail("no") };
    expect(await plan({}, aPlanning({ kinds: [kind] }))).toMatchObject({ summary: null });
  });
});

describe("the input of an enqueue", () => {
  it("T29, T13: keeps 0, false, empty text and null apart from absent", async () => {
    const inputs = await Promise.all(
      [0, false, "", null, undefined].map(async (input) => (await plan({ input })).input),
    );
    expect(inputs).toEqual(["0", "false", '""', "null", null]);
  });

  it("is judged by the kind's schema, synchronous or not, as it will be judged where it runs", async () => {
    const parse = (value: unknown) => (typeof value === "string" ? value.length : fail("must be text"));
    for (const input of [schema(parse), schema(async (value) => parse(value))]) {
      const planning = aPlanning({ kinds: [{ kind: "k", input }] });
      expect((await plan({ input: "four" }, planning)).input).toBe('"four"');
      expect(await refusal({ input: 4 }, planning)).toEqual(["INPUT_INVALID", undefined]);
    }
  });

  it("a Date where the schema wants a Date is refused at once: it would be text where the task runs", async () => {
    const input = schema((value) => (value instanceof Date ? value : fail("must be a Date")));
    expect((await refusal({ input: new Date() }, aPlanning({ kinds: [{ kind: "k", input }] })))[0]).toBe(
      "INPUT_INVALID",
    );
  });

  it("names every problem with its path", async () => {
    const kinds = [{ kind: "k", input: schema(() => fail("expected text"), ["rows", "name"]) }];
    await expect(plan({ input: {} }, aPlanning({ kinds }))).rejects.toThrow(
      '"k" was not enqueued: 1 problem in its input: input.rows.name: expected text',
    );
  });

  it("is written by the codec, after its size was measured", async () => {
    const codec: Codec = {
      id: "upper",
      encode: (text) => new TextEncoder().encode(text.toUpperCase()),
      decode: (bytes) => new TextDecoder().decode(bytes),
    };
    const planning = aPlanning({ values: createValueCodec(codec, []), maxPayloadBytes: 7 });
    expect((await plan({ input: "abcde" }, planning)).input).toEqual({
      codecId: "upper",
      bytes: new TextEncoder().encode('"ABCDE"'),
    });
    expect(await refusal({ input: "abcdef" }, planning)).toEqual(["INPUT_TOO_LARGE", "input"]);
  });

  it.each([
    ["input.a", { a: 1n }],
    ["input.a[1]", { a: [1, () => 1] }],
    ["input", new Map([[1, 2]])],
    ["input.b", { b: Number.NaN }],
  ])("is refused with the path of what is no JSON: %s", async (path, input) => {
    expect(await refusal({ input })).toEqual(["INPUT_NOT_SERIALISABLE", path]);
  });

  it("may be larger where the kind says so, and is measured in bytes", async () => {
    const planning = aPlanning({ maxPayloadBytes: 10, kinds: [{ kind: "wide", maxPayloadBytes: 100 }] });
    expect(await refusal({ input: "üüüüü" }, planning)).toEqual(["INPUT_TOO_LARGE", "input"]);
    expect((await plan({ kind: "wide", input: "üüüüü" }, planning)).input).toBe('"üüüüü"');
  });
});

describe("options out of bounds", () => {
  const refused = (path: string, options: object, code = "OPTION_INVALID") => ({
    path,
    options: options as EnqueueOptions,
    code,
  });
  it.each([
    refused("options.id", { id: "report:42" }, "TASK_ID_INVALID"),
    refused("options.id", { id: id.toUpperCase() }, "TASK_ID_INVALID"),
    refused("options.retries", { retries: 1 }),
    refused("options.priority", { priority: 40_000 }),
    refused("options.priority", { priority: 1.5 }),
    refused("options.maxAttempts", { maxAttempts: 0 }),
    refused("options.backoff.delayMs", { backoff: { type: "fixed", delayMs: -1 } }),
    refused("options.timeoutMs", { timeoutMs: 0 }),
    refused("options.retainForMs", { retainForMs: -2 }),
    refused("options.delayMs", { delayMs: -1 }),
    refused("options.delayMs", { delayMs: 1, scheduledAt: 1 }),
    refused("options.scheduledAt", { scheduledAt: "tomorrow" }),
    refused("options.expiresInMs", { expiresInMs: 0 }),
    refused("options.expiresInMs", { expiresInMs: 1, expiresAt: 1 }),
    refused("options.dedupeKey", { dedupeKey: "" }),
    refused("options.dedupeKey", { dedupeKey: "a\u0000b" }),
    refused("options.dedupePolicy", { dedupeKey: "d", dedupePolicy: "merge" }),
    refused("options.debounceMs", { debounceMs: 5 }),
    refused("options.throttleMs", { throttleMs: 5 }),
    refused("options.supersedeExisting", { supersedeExisting: true }),
    refused("options.concurrencyKeys", { concurrencyKeys: ["1", "2", "3", "4", "5"] }),
    refused("options.concurrencyKeys[0].limit", { concurrencyKeys: [{ key: "a", limit: 0 }] }),
    refused("options.waitFor[0]", { waitFor: ["x"] }, "TASK_ID_INVALID"),
    refused("options.waitFor[0].onFailure", { waitFor: [{ taskId: id, onFailure: "explode" }] }),
    refused("options.summary", { summary: "x".repeat(201) }),
    refused("options.metadata", { metadata: [] }, "METADATA_INVALID"),
    refused("options.metadata", { metadata: { a: "x".repeat(5_000) } }, "METADATA_INVALID"),
    refused("options.metadata.a", { metadata: { a: 1n } }, "METADATA_INVALID"),
    refused("options.tags", { tags: Array.from({ length: 17 }, (_, n) => `t${n}`) }, "METADATA_INVALID"),
    refused("options.tags[0]", { tags: [""] }, "METADATA_INVALID"),
    refused("channels", { channels: [" "] }, "METADATA_INVALID"),
    refused("options.context.a", { context: { a: 1 } }, "METADATA_INVALID"),
    refused(
      "options.logContext",
      { logContext: Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`k${n}`, ""])) },
      "METADATA_INVALID",
    ),
    refused("options.logContext", { logContext: { a: "x".repeat(1_100) } }, "METADATA_INVALID"),
    refused("options.traceParent", { traceParent: "abc" }, "METADATA_INVALID"),
  ])("T47: $path is refused: $code", async ({ path, options, code }) => {
    expect(await refusal({ options })).toEqual([code, path]);
  });

  it.each(["", " k", "a\nb", "x".repeat(201), "millrace.bulk"])("T47: the kind %j is refused", async (kind) => {
    expect((await refusal({ kind }))[0]).toBe("KIND_INVALID");
  });
});
