import assert from "node:assert/strict";
import { createHost, defineTask, isTaskError } from "millrace";
import { z } from "zod";

// #region define
const renderReport = defineTask({
  kind: "report.render",
  input: z.object({ reportId: z.string(), format: z.enum(["pdf", "csv"]).default("pdf") }),
  output: z.object({ path: z.string() }),
  summary: ({ reportId }) => `report ${reportId}`,
  searchable: ["reportId"],
  run: ({ reportId, format }) => ({ path: `out/${reportId}.${format}` }),
});
// #endregion

await using host = createHost({ tasks: [renderReport] });
await host.start();

// #region enqueue
const { task } = await host.enqueue(renderReport, { reportId: "rpt_42" }); // `format` has a default
console.log(await host.awaitResult(task.id)); // { path: "out/rpt_42.pdf" }

const { snapshots } = await host.listTasks({ tags: ["reportId:rpt_42"] });
console.log(snapshots.map(({ summary, state }) => `${summary}: ${state}`)); // [ "report rpt_42: succeeded" ]
// #endregion
assert.deepEqual(await host.awaitResult(task.id), { path: "out/rpt_42.pdf" });
assert.deepEqual(
  snapshots.map(({ summary }) => summary),
  ["report rpt_42"],
);

// #region refused
try {
  await host.enqueue("report.render", { reportId: 42 }); // by name, so the compiler cannot help
  assert.fail("a wrong input must be refused");
} catch (error) {
  if (!isTaskError(error, "INPUT_INVALID")) throw error;
  console.log(error.message, error.details["issues"]);
}
// #endregion
assert.equal((await host.readAggregate()).total.count, 1);
