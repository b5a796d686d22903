import { expect } from "vitest";
import { recordedIo } from "../../builders/recorded-io.ts";
import type { ExecutorCases } from "../executor-bench.ts";

/** Aborts: how a run ends that must. */
export const abortCases: ExecutorCases = (add) => {
  for (const why of ["cancelled", "timeout", "lease-lost", "shutdown"] as const) {
    add(
      `R34: a handler that heeds an abort for ${why} is aborted, and the outcome says why`,
      async ({ outcome, run }) => {
        const io = recordedIo();
        const ended = outcome(run("heeds", "reason"), io);
        await io.logged("running");
        io.abort(0, why);
        expect(await ended).toMatchObject({ type: "aborted", why });
      },
    );
  }

  add("R34: an AbortError of a library counts as heeding", async ({ outcome, run }) => {
    const io = recordedIo();
    const ended = outcome(run("heeds", "error"), io);
    await io.logged("running");
    io.abort(0, "cancelled");
    expect(await ended).toMatchObject({ type: "aborted", why: "cancelled", failure: { message: "stopped" } });
  });

  add("R34: a success after an abort is a success, and `signal.reason` is the reason", async ({ outcome, run }) => {
    const io = recordedIo();
    const ended = outcome(run("heeds", "success"), io);
    await io.logged("running");
    io.abort(0, "timeout");
    expect(await ended).toEqual({ type: "succeeded", output: "timeout" });
  });

  add("R34: a run aborted before it starts never starts", async ({ outcome, run }) => {
    const io = recordedIo();
    io.abort(0, "cancelled");
    expect(await outcome(run("echo", 1), io)).toMatchObject({ type: "aborted", why: "cancelled" });
    expect(io.reports).toEqual([]);
  });

  add("R34: an abort ends only its own run", async ({ outcome, run }) => {
    const [one, two] = [recordedIo(), recordedIo()];
    const ended = [outcome(run("heeds", "reason"), one), outcome(run("heeds", "success"), two)];
    await Promise.all([one.logged("running"), two.logged("running")]);
    one.abort(0, "cancelled");
    expect(await ended[0]).toMatchObject({ type: "aborted", why: "cancelled" });
    two.abort(0, "shutdown");
    expect(await ended[1]).toEqual({ type: "succeeded", output: "shutdown" });
  });

  add(
    "R36: an isolated handler that ignores its abort is killed after its grace; others only wait",
    async ({ executor, run, outcome }) => {
      if (!executor.isolated) return;
      const io = recordedIo();
      const ended = executor.execute([run("deaf")], io, { abortGraceMs: 1 });
      await io.logged("running");
      io.abort(0, "timeout");
      expect(await ended).toMatchObject([{ type: "aborted", why: "timeout" }]);
      expect(await outcome(run("echo", 1))).toEqual({ type: "succeeded", output: 1 });
    },
  );

  add(
    "T37: an isolated handler that takes its process down has crashed, and the next run works",
    async ({ executor, run, outcome }) => {
      if (!executor.isolated) return;
      for (const code of [0, 3]) {
        expect(await outcome(run("exits", code))).toMatchObject({
          type: "crashed",
          exitCode: code,
          failure: { message: expect.any(String) },
        });
      }
      expect(await outcome(run("echo", 1))).toEqual({ type: "succeeded", output: 1 });
    },
  );
};
