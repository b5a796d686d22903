import { describe, expect, it } from "vitest";
import type { TaskReason } from "../task/task-status.ts";
import { errorCodes, type ErrorCode } from "./error-codes.ts";
import { isTaskError, TaskError } from "./task-error.ts";

const codes = Object.keys(errorCodes) as readonly ErrorCode[];

describe("the table of error codes", () => {
  it.each(codes)("says of %s what it means and how to get out of it", (code) => {
    const { status, summary, fix } = errorCodes[code];
    expect(code).toMatch(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    expect(summary).toMatch(/^[A-Z`“].{8,}\.$/);
    expect(fix).toMatch(/^[A-Z`“].{5,}\.$/);
    expect(summary).not.toBe(fix);
  });

  it("has an entry for every reason a task can end with", () => {
    const reasons: readonly Extract<TaskReason, `TASK_${string}`>[] = [
      "TASK_FAILED",
      "TASK_TIMED_OUT",
      "TASK_LEASE_EXPIRED",
      "TASK_QUARANTINED",
      "TASK_INPUT_INVALID",
      "TASK_OUTPUT_INVALID",
      "TASK_NO_OUTCOME",
      "TASK_ABORTED",
      "TASK_DEPENDENCY_FAILED",
      "TASK_CANCELLED",
      "TASK_SUPERSEDED",
      "TASK_EXPIRED",
    ];
    for (const reason of reasons) expect(errorCodes).toHaveProperty(reason);
  });

  it("says of no two codes the same", () => {
    expect(new Set(codes.map((code) => errorCodes[code].summary)).size).toBe(codes.length);
  });
});

describe("TaskError", () => {
  it("carries what the table says, unless a better fix is given", () => {
    const cause = new Error("ENOSPC");
    const error = new TaskError("STORE_FULL", "The disk is full.", { cause, details: { path: "/x" } });
    expect(error).toMatchObject({ name: "TaskError", code: "STORE_FULL", retryable: true, status: 507, cause });
    expect(error.details).toEqual({ path: "/x" });
    expect(error.fix).toBe(errorCodes.STORE_FULL.fix);
    expect(error).toBeInstanceOf(Error);
    const own = new TaskError("INTERNAL", "m", { fix: "Do this." });
    expect(own.fix).toBe("Do this.");
    expect(own.details).toEqual({});
    expect("cause" in own).toBe(false);
  });

  it("reads as code, message and way out", () => {
    expect(String(new TaskError("OPTION_INVALID", "limit must be 1 or more.", { fix: "Raise it." }))).toBe(
      "TaskError [OPTION_INVALID]: limit must be 1 or more.\n  How to fix: Raise it.",
    );
  });
});

describe("isTaskError", () => {
  it("knows its own, by code when one is given", () => {
    const error = new TaskError("STORE_BUSY", "m");
    expect(isTaskError(error)).toBe(true);
    expect(isTaskError(error, "STORE_BUSY")).toBe(true);
    expect(isTaskError(error, "STORE_FULL")).toBe(false);
  });

  it("knows those of another copy of the package, also with codes this one has not heard of", () => {
    class Copied extends Error {
      override readonly name = "TaskError";
      readonly code = "SOMETHING_NEWER";
      readonly retryable = false;
    }
    expect(isTaskError(new Copied())).toBe(true);
    expect(isTaskError(new Copied(), "INTERNAL")).toBe(false);
  });

  it("takes nothing else for one", () => {
    const plain = { name: "TaskError", code: "INTERNAL", retryable: false };
    const foreign = Object.assign(new Error("m"), { name: "TaskError", code: "toString" });
    const uncoded = Object.assign(new Error("m"), { name: "TaskError", retryable: true });
    const unreadable = new Proxy(new Error("m"), {
      get() {
        throw new Error("no field of mine can be read");
      },
    });
    for (const value of [null, undefined, "TaskError", plain, new Error("m"), foreign, uncoded, unreadable]) {
      expect(isTaskError(value)).toBe(false);
    }
  });
});
