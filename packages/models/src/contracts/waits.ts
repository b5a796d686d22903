import type { TaskId } from "../ids/task-id.ts";
import type { TaskCount } from "../query/task-aggregate.ts";
import type { EpochMs } from "../time/clock.ts";
import type { LimitRecord } from "./facets.ts";

/** A limit or rate that a task must pass when it is claimed. */
export interface TaskLimit extends LimitRecord {
  /** In how many ms the next task may start by the rate; 0 = at once, or there is no rate. */
  readonly nextStartInMs: number;
}

/** What a store knows of why a task does not run. The lists are empty for a final task. */
export interface TaskWaits {
  /** The store's clock at that moment. */
  readonly at: EpochMs;
  /** The open tasks it waits for now, by position, each once. */
  readonly waitsFor: readonly TaskId[];
  /** What binds it, full or not: the store's limit, its kind's, then its keys' by name. */
  readonly limits: readonly TaskLimit[];
  /**
   * How many due tasks of its kind stand before it by priority, time and id; 0 unless it is queued and due. Those behind a full
   * key are in nobody's way and may be left out.
   */
  readonly ahead: TaskCount;
}

/** Says why one task does not run. */
export interface WaitsFacet {
  /** Names and counts at most `limit` tasks; null when there is no such task. */
  look(taskId: TaskId, limit: number): Promise<TaskWaits | null>;
}
