import type { TaskAggregateSnapshot, TaskCount } from "@millrace/models";

/** The rows that an aggregate counts one by one; more would take too long for a page that people wait for. */
export const mostCounted = 10_000;

/** The aggregate of rows of which there are more than were counted: every number is a lower bound. */
export function atLeast(snapshot: TaskAggregateSnapshot): TaskAggregateSnapshot {
  return {
    ...snapshot,
    total: { count: snapshot.total.count, exact: false },
    byStatus: inexact(snapshot.byStatus),
    byState: inexact(snapshot.byState),
    byKind: inexact(snapshot.byKind),
  };
}

function inexact<Counts extends Readonly<Record<string, TaskCount>>>(counts: Counts): Counts {
  return Object.fromEntries(
    Object.entries(counts).map(([name, { count }]) => [name, { count, exact: false }]),
  ) as Counts;
}
