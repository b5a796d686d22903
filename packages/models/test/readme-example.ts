import {
  createTaskId,
  defineTask,
  matchesTaskQuery,
  parseTaskQuery,
  taskState,
  type TaskRecord,
} from "@millrace/models";

// A kind with its types: from a schema, or from the annotation of the handler's input.
const generateReport = defineTask({
  kind: "report.generate",
  retry: { maxAttempts: 3, backoff: { type: "exponential", delayMs: 1_000 } },
  async run(input: { reportId: string }, context) {
    await context.setProgress({ percent: 10, label: "loading" });
    return { path: `reports/${input.reportId}.json` };
  },
});

/** Which tasks a view shows: the same rule in a browser, a live hub and a store. */
export function shownReports(tasks: readonly TaskRecord[], now: number): readonly string[] {
  const { filter, limit } = parseTaskQuery({ kinds: [generateReport.kind], limit: 10 });
  const matching = tasks.filter((task) => matchesTaskQuery(task, filter, now)).slice(0, limit);
  return matching.map((task) => `${task.kind} ${taskState(task, now)}`);
}

export const aNewId: string = createTaskId();
