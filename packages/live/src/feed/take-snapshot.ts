import {
  createSubscriptionBootstrap,
  type Clock,
  type ResolvedTaskSubscription,
  type TaskFilter,
  type TaskLiveSource,
  type TaskSnapshot,
  type TaskSubscriptionBootstrap,
  type TaskSubscriptionQuery,
} from "@millrace/models";

/** What a reader asks for: as it said it, checked, and kept to what it may see. */
export interface SnapshotAsk {
  readonly asked: TaskSubscriptionQuery;
  readonly query: ResolvedTaskSubscription;
  readonly filter: TaskFilter;
}

/** Where it is taken from. */
export interface SnapshotParts {
  readonly source: TaskLiveSource;
  readonly clock: Clock;
}

/** Takes the snapshot that a view begins with. */
export async function takeSnapshot(
  { source, clock }: SnapshotParts,
  { asked, query, filter }: SnapshotAsk,
): Promise<TaskSubscriptionBootstrap> {
  const { limit, orderBy, offset, after, recentSteps, includeAggregate, includeValues } = query;
  const page = { limit, orderBy, offset, includeValues, ...(after === null ? {} : { after }) };
  const { snapshots, cursor } = await source.listTasks({ ...filter, ...page });
  const shown: TaskSnapshot[] = [];
  for (const snapshot of snapshots) {
    shown.push(recentSteps === 0 ? snapshot : await withSteps(source, snapshot, recentSteps));
  }
  // Read after the page: the events from its cursor on bring the view to where these numbers are, and further.
  const aggregate = includeAggregate ? await source.readAggregate(filter) : null;
  return createSubscriptionBootstrap({ query: asked, snapshots: shown, aggregate, cursor, now: clock.now() });
}

async function withSteps(source: TaskLiveSource, snapshot: TaskSnapshot, limit: number): Promise<TaskSnapshot> {
  const { steps } = await source.listTaskSteps(snapshot.id, { limit, from: "newest" });
  return { ...snapshot, steps: steps.toSorted((a, b) => a.attempt - b.attempt || a.n - b.n) };
}
