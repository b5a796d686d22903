import assert from "node:assert/strict";
import { createHost, defineTask } from "millrace";

// #region handler
const importRows = defineTask({
  kind: "rows.import",
  async run(input: { rows: number }, context) {
    let bad = 0;
    for (let row = 1; row <= input.rows; row += 1) {
      // Not awaited: the newest word wins, and the store hears it at most every 50 ms.
      void context.setProgress({ percent: (100 * row) / input.rows, label: `row ${row}` });
      if (row % 50 === 0) {
        bad += 1;
        await context.appendStep({ level: "warn", message: `row ${row} has no name`, meta: { row } });
      }
    }
    await context.appendStep({ level: "success", message: `${input.rows} rows read` });
    return { bad };
  },
});
// #endregion

await using host = createHost({ tasks: [importRows] });
await host.start();

// #region read
const { task } = await host.enqueue(importRows, { rows: 100 });
await host.awaitResult(task.id, { timeoutMs: 10_000 });

const snapshot = await host.readSnapshot(task.id, { includeSteps: 10 });
console.log(snapshot?.progress.percent, snapshot?.progress.label);
for (const { level, message } of snapshot?.steps ?? []) console.log(`${level}: ${message}`);
// #endregion
assert.equal(snapshot?.progress.percent, 100);
assert.deepEqual(
  snapshot.steps?.map(({ message }) => message),
  ["row 50 has no name", "row 100 has no name", "100 rows read"],
);
