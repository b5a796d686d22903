import { defineTask, type TaskDefinition } from "@millrace/models";
import { runPublish, type PublishInput, type PublishOutput } from "./run-publish.ts";

/** Writes the report, in the host's own process: it only gathers what is there. */
export const publishTask: TaskDefinition<PublishInput, PublishInput, PublishOutput> = defineTask({
  kind: "demo.publish-report",
  run: runPublish,
  summary: () => "Report",
  retry: { maxAttempts: 3, backoff: { type: "fixed", delayMs: 500 } },
  timeoutMs: 30_000,
});
