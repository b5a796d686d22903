import type { ClaimedTask, EnqueueGroupResult, JournalEvent, RetryAnswer, TaskRecord } from "@millrace/models";

// Tokens are random: two stores may draw them in another order. What must be equal is whether there is one.
const hidden = (token: string | null): string | null => (token === null ? null : "a token");

/** A record without what two right stores may do differently. */
export function normalRecord(record: TaskRecord): TaskRecord {
  return { ...record, leaseToken: hidden(record.leaseToken), lastLeaseToken: hidden(record.lastLeaseToken) };
}

/** An event as it is: nothing in it is up to the store. */
export function normalEvent(event: JournalEvent): JournalEvent {
  return event;
}

/** A claimed task with its record in normal form. */
export function normalClaim({ task, results }: ClaimedTask): unknown {
  return { task: normalRecord(task), results };
}

/** An enqueue's answer: of a refusal the code and the place, since the words are the store's. */
export function normalGroupResult(result: EnqueueGroupResult): unknown {
  if (result.status === "refused") return { refused: result.code, index: result.index };
  return result.results.map((one) => ({
    ...one,
    task: normalRecord(one.task),
    supersededTaskIds: one.supersededTaskIds.toSorted(),
  }));
}

/** Any answer that may hold a task. */
export function normalAnswer(answer: RetryAnswer | object): unknown {
  return "task" in answer ? { ...answer, task: normalRecord(answer.task) } : answer;
}

/** Records of a sweep, in the order of their ids: a sweep promises none. */
export function normalSweep(records: readonly TaskRecord[]): readonly TaskRecord[] {
  return records.map(normalRecord).toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
