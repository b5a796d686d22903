import { createHost, defineTask } from "millrace";

const generateReport = defineTask({
  kind: "report.generate",
  retry: { maxAttempts: 3 },
  async run(input: { reportId: string }, context) {
    await context.setProgress({ percent: 10, label: "loading" });
    const rows = await context.once("load", () => [`${input.reportId}: 1`, `${input.reportId}: 2`]); // kept across retries
    return { lines: rows.length };
  },
});

await using host = createHost({ tasks: [generateReport] }); // SQLite in ./.millrace/tasks.sqlite
await host.start();
const { task } = await host.enqueue(generateReport, { reportId: "rpt_42" }, { dedupeKey: "report:rpt_42" });
console.log(await host.awaitResult(task.id)); // { lines: 2 }
