import type { TaskOutcome } from "@millrace/models";
import { expect } from "vitest";
import { recordedIo } from "../../builders/recorded-io.ts";
import type { ExecutorCases } from "../executor-bench.ts";

const suspended: Readonly<Record<string, TaskOutcome>> = {
  spawn: {
    type: "suspended",
    wait: {
      reason: "children",
      children: [{ kind: "child", input: { n: 1 } }, { kind: "child" }],
      onFailure: "fail",
      timeoutMs: 5,
    },
    state: [1],
  },
  "spawn nothing": {
    type: "suspended",
    wait: { reason: "children", children: [], onFailure: "continue", timeoutMs: null },
    state: undefined,
  },
  sleep: { type: "suspended", wait: { reason: "sleep", forMs: 1_000 }, state: { at: 1 } },
  signal: { type: "suspended", wait: { reason: "signal", name: "go", timeoutMs: 9 }, state: undefined },
  suspend: { type: "suspended", wait: { reason: "manual", note: "approval", timeoutMs: null }, state: undefined },
};

/** Calls that end a run. */
export const waitCases: ExecutorCases = (add) => {
  for (const [call, expected] of Object.entries(suspended)) {
    add(`F26, F30: ${call} ends the run as suspended, and finally blocks run`, async ({ outcome, run }) => {
      const io = recordedIo();
      expect(await outcome(run("waits", { call, swallow: false }), io)).toEqual(expected);
      expect(io.lines.map(({ line }) => line.message)).toEqual(["finally"]);
    });

    add(`F26: swallowing what ${call} throws changes nothing`, async ({ outcome, run }) => {
      const io = recordedIo();
      expect(await outcome(run("waits", { call, swallow: true }), io)).toEqual(expected);
      expect(io.lines.map(({ line }) => line.message)).toEqual(["swallowed", "finally"]);
    });
  }
};
