import type { JsonObject } from "@millrace/models";

/** What becomes of occurrences that nobody enqueued in time: none, the latest one, or up to 100 are enqueued late. */
export type CatchUp = "skip" | "latest" | "all";

/**
 * What becomes of an occurrence while the task of an earlier one is open. `allow`: both run. `skip`: it is left out. `queue`: it
 * waits for its turn. `replace`: the earlier one is cancelled.
 */
export type Overlap = "allow" | "skip" | "queue" | "replace";

/** How a schedule deals with what is not as planned. */
export interface SchedulePolicy {
  readonly catchUp: CatchUp;
  readonly overlap: Overlap;
  readonly jitterMs: number;
}

/** The policy as a store keeps it. */
export function policyToJson({ catchUp, overlap, jitterMs }: SchedulePolicy): JsonObject {
  return { catchUp, overlap, jitterMs };
}

/** What `policyToJson` was given. */
export function policyOfJson(json: JsonObject): SchedulePolicy {
  return json as unknown as SchedulePolicy;
}

/** How much later a task of this occurrence may begin: the same on every host, and spread evenly over occurrences. */
export function jitterOf(scheduleId: string, scheduledFor: number, jitterMs: number): number {
  if (jitterMs === 0) return 0;
  let hash = 0x811c9dc5;
  for (const character of `${scheduleId} ${scheduledFor}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  // FNV alone leaves numbers that differ in their last digits close together.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash ^= hash >>> 13;
  return (hash >>> 0) % (jitterMs + 1);
}
