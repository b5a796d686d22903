import type { TaskRetentionPolicy } from "./retention.ts";

/** Whether a policy lets tasks or steps go that do not say so themselves. */
export function removesAnything(policy: TaskRetentionPolicy): boolean {
  return Object.entries(policy).some(([name, rule]) => name !== "journalKeepMs" && typeof rule === "number");
}
