import { defineTask, type TaskDefinition } from "@millrace/models";
import type { ProfileOutput } from "../results/dataset-result.ts";
import type { ProfileInput } from "./profile-input.ts";

/** Profiles one dataset, in a child process: reading and drawing keep a core busy. */
export const profileTask: TaskDefinition<ProfileInput, ProfileInput, ProfileOutput> = defineTask({
  kind: "demo.profile-dataset",
  entrypoint: { module: new URL("./profile-dataset.ts", import.meta.url) },
  summary: ({ dataset }) => dataset.title,
  // A file may still be being written when it is first read: two more looks, soon after each other.
  retry: { maxAttempts: 3, backoff: { type: "exponential", delayMs: 700, factor: 2, jitter: 0.2 } },
  timeoutMs: 60_000,
});
