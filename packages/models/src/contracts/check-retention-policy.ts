import { TaskError } from "../errors/task-error.ts";
import type { TaskRetentionPolicy } from "./retention.ts";

const fields: readonly (keyof TaskRetentionPolicy)[] = [
  "successTtlMs",
  "failedTtlMs",
  "cancelledTtlMs",
  "keepLatestSuccessesPerKind",
  "keepLatestFailuresPerKind",
  "stepLimitPerTask",
  "journalKeepMs",
];

/**
 * Whether a retention policy can be applied; answers it unchanged.
 * @throws `OPTION_INVALID` for an unknown field, or one that is no whole number from 0 up.
 */
export function checkRetentionPolicy(policy: TaskRetentionPolicy, path = "retentionPolicy"): TaskRetentionPolicy {
  for (const [name, value] of Object.entries(policy) as readonly (readonly [string, unknown])[]) {
    const at = `${path}.${name}`;
    if (!fields.some((field) => field === name)) {
      throw new TaskError("OPTION_INVALID", `${at} is no retention option; there are ${fields.join(", ")}.`, {
        details: { path: at, allowed: fields },
      });
    }
    const isOff = value === undefined || value === null;
    if (!isOff && !(typeof value === "number" && Number.isSafeInteger(value) && value >= 0)) {
      throw new TaskError(
        "OPTION_INVALID",
        `${at} must be a whole number from 0 up, or null for off, got ${JSON.stringify(value)}.`,
        {
          details: { path: at, value, minimum: 0 },
        },
      );
    }
  }
  return policy;
}
