import { createInProcessTaskExecutor } from "@millrace/executor-in-process";
import { createSeededRandom } from "@millrace/models";
import { createMemoryTaskStore } from "@millrace/store-memory";
import { describe, expect, it } from "vitest";
import { createTaskHost } from "./create-task-host.ts";
import { resolveRunner } from "./resolve-runner.ts";

const required = { store: createMemoryTaskStore(), executor: createInProcessTaskExecutor() };
const resolve = (options: object = {}) => resolveRunner({ ...required, ...options }, createSeededRandom(1));

/** The path an error names. */
function refusedPath(options: object): unknown {
  try {
    createTaskHost({ ...required, ...options });
  } catch (error) {
    return error instanceof Error && "details" in error ? Reflect.get(error.details as object, "path") : error;
  }
  return "not refused";
}

describe("the options of a host", () => {
  it("R2: have their defaults", () => {
    expect(resolve()).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      podId: null,
      recoverOnStart: true,
      pollIntervalMs: 1_000,
      heartbeatMs: 10_000,
      leaseMs: 30_000,
      concurrency: 4,
      storeConcurrency: null,
      batchSize: 200,
      sweepIntervalMs: 5_000,
      sweepLimit: 100,
      watchdogMs: 0,
      watchdogScanIntervalMs: 5_000,
      retentionPolicy: null,
      retentionScanIntervalMs: 60_000,
      stopWaitMs: 25_000,
      abortGraceMs: 3_000,
      maxBlockMs: 60_000,
    });
  });

  it("R2: stand at the top or under `runner`, and in both only when they agree", () => {
    expect(resolve({ concurrency: 7 }).concurrency).toBe(7);
    expect(resolve({ runner: { concurrency: 7 } }).concurrency).toBe(7);
    expect(resolve({ concurrency: 7, runner: { concurrency: 7 } }).concurrency).toBe(7);
    expect(refusedPath({ concurrency: 7, runner: { concurrency: 8 } })).toBe("runner.concurrency");
  });

  it("a shorter lease brings shorter heartbeats", () => {
    expect(resolve({ leaseMs: 3_000 }).heartbeatMs).toBe(1_000);
  });

  it("a journal that is kept longer says so to the pruning", () => {
    expect(resolve({ journalKeepMs: 5 }).retentionPolicy).toEqual({ journalKeepMs: 5 });
    expect(resolve({ journalKeepMs: 5, retentionPolicy: { successTtlMs: 1 } }).retentionPolicy).toEqual({
      journalKeepMs: 5,
      successTtlMs: 1,
    });
  });

  it.each([
    ["pollIntervalMs", { pollIntervalMs: 49 }],
    ["leaseMs", { leaseMs: 499 }],
    ["leaseMs", { leaseMs: 1_999, heartbeatMs: 1_000 }],
    ["heartbeatMs", { heartbeatMs: 20_000 }],
    ["heartbeatMs", { heartbeatMs: 49 }],
    ["runner.concurrency", { runner: { concurrency: 0 } }],
    ["concurrency", { concurrency: 1.5 }],
    ["concurrency", { concurrency: "4" }],
    ["concurrency", { concurrency: Number.NaN }],
    ["storeConcurrency", { storeConcurrency: 0 }],
    ["sweepIntervalMs", { sweepIntervalMs: 1 }],
    ["sweepLimit", { sweepLimit: 0 }],
    ["watchdogMs", { watchdogMs: -1 }],
    ["watchdogScanIntervalMs", { watchdogScanIntervalMs: 1 }],
    ["retentionScanIntervalMs", { retentionScanIntervalMs: 999 }],
    ["retentionPolicy.successTtlMs", { retentionPolicy: { successTtlMs: -1 } }],
    ["stopWaitMs", { stopWaitMs: -1 }],
    ["abortGraceMs", { abortGraceMs: -1 }],
    ["maxBlockMs", { maxBlockMs: 999 }],
    ["id", { id: "" }],
    ["defaultMaxAttempts", { defaultMaxAttempts: 0 }],
    ["defaultTimeoutMs", { defaultTimeoutMs: 0 }],
    ["maxPayloadBytes", { maxPayloadBytes: 0 }],
    ["defaultBackoff.type", { defaultBackoff: { type: "linear" } }],
    ["store", { store: null }],
    ["store.batchSize", { store: { ...required.store, batchSize: 0 } }],
    ["store.batchSize", { store: { ...required.store, batchSize: 1_001 } }],
    ["executor", { executor: [] }],
  ])("R2, T47: %s out of bounds is refused, never clamped: %j", (path, options) => {
    expect(refusedPath(options)).toBe(path);
  });

  it.each([
    ["globalConcurrency", "concurrency"],
    ["stopTimeoutMs", "stopWaitMs"],
    ["staleScanIntervalMs", "sweepIntervalMs"],
    ["staleScanLimit", "sweepLimit"],
  ])("the other name %s is refused by naming ours", (theirs, ours) => {
    for (const options of [{ [theirs]: 5 }, { runner: { [theirs]: 5 } }]) {
      expect(() => resolve(options)).toThrow(
        expect.objectContaining({ code: "OPTION_INVALID", message: expect.stringContaining(ours) }),
      );
    }
  });

  it("T47: an unknown name is refused, at the top and under `runner`", () => {
    expect(refusedPath({ concurency: 4 })).toBe("concurency");
    expect(refusedPath({ runner: { leaseMS: 4 } })).toBe("runner.leaseMS");
  });
});
