import type { Json } from "@millrace/models";
import { expect } from "vitest";
import type { ExecutorCases } from "../executor-bench.ts";

/** Outputs and thrown values. */
export const outcomeCases: ExecutorCases = (add) => {
  const values: readonly Json[] = [
    null,
    0,
    -0.5,
    false,
    "",
    "ü😀\u2028",
    [],
    {},
    [1, { a: [null] }],
    { "": { b: true } },
  ];
  for (const value of values) {
    add(`Q6, T13, T29: ${JSON.stringify(value)} goes in and out as it is`, async ({ outcome, run }) => {
      expect(await outcome(run("echo", value))).toEqual({ type: "succeeded", output: value });
    });
  }

  add("Q6: undefined is no output and no null; an absent input is undefined", async ({ outcome, run }) => {
    expect(await outcome(run("nothing"))).toEqual({ type: "succeeded", output: undefined });
    expect(await outcome(run("echo"))).toEqual({ type: "succeeded", output: undefined });
  });

  add("T13: takes and gives more than 1 MB", async ({ outcome, run }) => {
    const input = { text: "é".repeat(700_000), rows: Array.from({ length: 100_000 }, (_, n) => n) };
    expect(await outcome(run("echo", input))).toEqual({ type: "succeeded", output: input });
  });

  add("R4: runs an export that is an object with `run`", async ({ outcome, run }) => {
    expect(await outcome(run("object", 1))).toEqual({ type: "succeeded", output: { input: 1 } });
  });

  for (const what of ["bigint", "function", "circular"]) {
    add(`Q24: an output JSON would lose (${what}) fails for good`, async ({ outcome, run }) => {
      expect(await outcome(run("badOutput", what))).toMatchObject({
        type: "failed",
        permanent: true,
        reason: "TASK_OUTPUT_INVALID",
        failure: { name: expect.any(String), message: expect.any(String) },
      });
    });
  }

  add("R39, T28, Q7: a thrown error comes with name, message, code, stack and cause", async ({ outcome, run }) => {
    const failed = await outcome(run("throws", "error"));
    expect(failed).toMatchObject({
      type: "failed",
      failure: {
        name: "RangeError",
        message: "out of range",
        code: "E_RANGE",
        stack: expect.stringContaining("out of range"),
        cause: { name: "Error", message: "the cause" },
      },
    });
    expect(failed).not.toHaveProperty("permanent");
  });

  for (const what of ["null", "undefined", "string", "number", "object", "cyclic", "hostile"]) {
    add(`R39: a handler that throws ${what} fails with a name and a message`, async ({ outcome, run }) => {
      const failed = await outcome(run("throws", what));
      expect(failed).toMatchObject({
        type: "failed",
        failure: { name: expect.any(String), message: expect.any(String) },
      });
      expect(JSON.parse(JSON.stringify(failed))).toMatchObject({ type: "failed" });
    });
  }

  add("Q7: a rejection is a failure", async ({ outcome, run }) => {
    expect(await outcome(run("rejects"))).toMatchObject({
      type: "failed",
      failure: { name: "TypeError", message: "rejected later" },
    });
  });

  add("PermanentError, RetryLaterError and SnoozeError say what to do", async ({ outcome, run }) => {
    expect(await outcome(run("throws", "permanent"))).toMatchObject({
      type: "failed",
      permanent: true,
      failure: { message: "for good" },
    });
    expect(await outcome(run("throws", "later"))).toMatchObject({ type: "failed", retryAfterMs: 1_234 });
    expect(await outcome(run("throws", "snooze"))).toEqual({ type: "snoozed", forMs: 4_321 });
  });

  add("T31, Q66: 20 runs side by side each get their own outcome", async ({ outcome, run }) => {
    const runs = Array.from({ length: 20 }, (_, n) => (n % 5 === 0 ? run("throws", "error") : run("echo", n)));
    const outcomes = await Promise.all(runs.map((one) => outcome(one)));
    expect(outcomes.map((one) => (one.type === "succeeded" ? one.output : one.type))).toEqual(
      runs.map((_, n) => (n % 5 === 0 ? "failed" : n)),
    );
  });
};
