import type { EnqueueOutcome, EnqueueResult, TaskId, TaskSnapshot } from "@millrace/models";

/**
 * What an enqueue brought. The snapshot is made when somebody looks, since many callers never do. It may be taken apart; a copy by
 * spread has no `task`.
 */
export class StoredOutcome implements EnqueueOutcome {
  readonly disposition: EnqueueResult["disposition"];
  readonly deduplicated: boolean;
  readonly reusedTaskId: TaskId | null;
  readonly supersededTaskIds: readonly TaskId[];
  declare readonly notReplaced?: true;
  declare readonly replayed?: true;
  readonly #snapshot: () => TaskSnapshot;

  constructor(result: EnqueueResult, snapshot: () => TaskSnapshot) {
    const { disposition, task, supersededTaskIds, notReplaced, replayed } = result;
    this.disposition = disposition;
    this.deduplicated = disposition === "reused";
    this.reusedTaskId = disposition === "reused" ? task.id : null;
    this.supersededTaskIds = supersededTaskIds;
    this.#snapshot = snapshot;
    if (notReplaced) this.notReplaced = notReplaced;
    if (replayed) this.replayed = replayed;
  }

  get task(): TaskSnapshot {
    return this.#snapshot();
  }

  toJSON(): EnqueueOutcome {
    return Object.assign({ task: this.task }, this);
  }
}
