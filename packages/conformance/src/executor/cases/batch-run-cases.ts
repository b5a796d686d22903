import { expect } from "vitest";
import { recordedIo } from "../../builders/recorded-io.ts";
import type { ExecutorCases } from "../executor-bench.ts";

/** Handlers that take several tasks at once. */
export const batchRunCases: ExecutorCases = (add) => {
  add("Q5: a batch handler gets all its tasks, and outcomes[i] is that of runs[i]", async ({ outcomes, run }) => {
    const io = recordedIo(3);
    const runs = ["a", "b", "c"].map((input) => run("batch", input));
    expect(await outcomes(runs, io)).toEqual(
      ["a", "b", "c"].map((input) => ({ type: "succeeded", output: `${input} of 3, work` })),
    );
    for (const i of [0, 1, 2]) {
      const said = io.reports.filter((report) => report.i === i).map(({ report }) => report);
      expect(said).toEqual([{ started: true }, { progress: { percent: 50 } }]);
    }
  });

  add("Q8, Q9: failed, missing and unusable outcomes harm no neighbour", async ({ outcomes, run }) => {
    const runs = ["a", "missing", "failed", "bad", "e"].map((input) => run("batch", input));
    expect(await outcomes(runs)).toMatchObject([
      { type: "succeeded", output: "a of 5, work" },
      { type: "failed", reason: "TASK_NO_OUTCOME" },
      { type: "failed", permanent: true, failure: { message: "bad row" } },
      { type: "failed", reason: "TASK_OUTPUT_INVALID" },
      { type: "succeeded", output: "e of 5, work" },
    ]);
  });

  add("Q8: a throw fails only the tasks that had no outcome", async ({ outcomes, run }) => {
    const runs = [1, 2, 3].map((input) => run("batchThrows", input));
    const broke = { type: "failed", failure: { message: "the batch broke" } };
    expect(await outcomes(runs)).toMatchObject([
      { type: "suspended", wait: { reason: "sleep", forMs: 5 } },
      broke,
      broke,
    ]);
  });

  add("Q5: a batch of one is a batch", async ({ outcomes, run }) => {
    expect(await outcomes([run("batch", "a")])).toEqual([{ type: "succeeded", output: "a of 1, work" }]);
  });

  add("R34: a task of a batch that was aborted before is left out", async ({ outcomes, run }) => {
    const io = recordedIo(3);
    io.abort(1, "cancelled");
    expect(
      await outcomes(
        ["a", "b", "c"].map((input) => run("batch", input)),
        io,
      ),
    ).toMatchObject([{ output: "a of 2, work" }, { type: "aborted", why: "cancelled" }, { output: "c of 2, work" }]);
  });
};
