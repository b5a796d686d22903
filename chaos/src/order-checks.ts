import type { Violation } from "@millrace/conformance/invariants";
import { isFinal, isLeased, isTaskEvent, type JournalEvent, type TaskRecord } from "@millrace/models";

/**
 * I7 by the journal alone, where its order is that of the commits: never two open tasks of a dedupe key, never more
 * than one leased of a key.
 */
export function checkOrder(records: readonly TaskRecord[], events: readonly JournalEvent[]): readonly Violation[] {
  const byId = new Map(records.map((record) => [record.id, record]));
  const violations: Violation[] = [];
  const holders = new Map<string, Set<string>>();
  const hold = (name: string, taskId: string, isHeld: boolean): void => {
    const held = holders.get(name) ?? new Set<string>();
    holders.set(name, held);
    if (!isHeld) held.delete(taskId);
    else if (held.add(taskId).size > 1) {
      violations.push({ invariant: "I7", taskId, message: `${[...held].join(", ")} hold ${name} by the journal` });
      held.clear();
    }
  };
  for (const event of events) {
    const record = isTaskEvent(event) ? byId.get(event.taskId) : undefined;
    if (record === undefined || !isTaskEvent(event) || event.statusAfter === null) continue;
    const { dedupeKey, kind, id } = record;
    if (dedupeKey !== null) hold(`dedupe ${kind} ${dedupeKey}`, id, !isFinal(event.statusAfter));
    for (const { key } of record.concurrencyKeys) hold(`key ${key}`, id, isLeased(event.statusAfter));
  }
  return violations;
}

/** I9: one who followed the journal saw what one who reads it at the end sees, each once. */
export function checkFollowedOnce(
  followed: readonly JournalEvent[],
  events: readonly JournalEvent[],
): readonly Violation[] {
  const left = new Map<string, number>();
  const count = (event: JournalEvent, by: number): void => {
    left.set(nameOf(event), (left.get(nameOf(event)) ?? 0) + by);
  };
  for (const event of events) count(event, 1);
  for (const event of followed) count(event, -1);
  return [...left].flatMap(([name, n]): readonly Violation[] => {
    if (n === 0) return [];
    const message = n > 0 ? `the follower missed ${name}` : `the follower saw ${name} ${1 - n} times`;
    return [{ invariant: "I9", taskId: null, message }];
  });
}

/** I9: one who followed the journal saw what one who reads it at the end sees, in the same order. */
export function checkFollowed(
  followed: readonly JournalEvent[],
  events: readonly JournalEvent[],
): readonly Violation[] {
  const first = events.findIndex((event, i) => nameOf(event) !== nameOf(followed[i]));
  if (first < 0 && followed.length === events.length) return [];
  const place = first < 0 ? events.length : first;
  const message = `entry ${place} of ${events.length} is ${nameOf(events[place])}, the follower saw ${nameOf(followed[place])}`;
  return [{ invariant: "I9", taskId: events[place]?.taskId ?? null, message }];
}

function nameOf(event: JournalEvent | undefined): string {
  if (event === undefined) return "nothing";
  return isTaskEvent(event) ? `${event.type} ${event.version} of ${event.taskId}` : `${event.type} at ${event.at}`;
}
