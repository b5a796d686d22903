import type { EventCursor } from "../events/event-cursor.ts";
import { invalid, isPlainObject, queryFields } from "../query/query-fields.ts";
import { parseTaskQuery, type ResolvedTaskQuery } from "../query/parse-task-query.ts";
import type { TaskAggregateSnapshot } from "../query/task-aggregate.ts";
import type { TaskQuery } from "../query/task-query.ts";
import type { TaskSnapshot } from "../task/task-snapshot.ts";
import type { TaskStep } from "../task/task-step.ts";
import type { EpochMs } from "../time/clock.ts";

/** What a live view wants to see. */
export interface TaskSubscriptionQuery extends TaskQuery {
  /** How many of each task's newest steps come with the first message; with 0 no later step is sent either. 0 to 1,000. @defaultValue 0 */
  readonly recentSteps?: number;
  /** Whether counts come with the first message. @defaultValue true */
  readonly includeAggregate?: boolean;
}

/** A checked subscription, with its defaults. */
export interface ResolvedTaskSubscription extends ResolvedTaskQuery {
  readonly recentSteps: number;
  readonly includeAggregate: boolean;
}

/** The view as it stands at a place in the journal: what a live view starts from. */
export interface TaskSubscriptionBootstrap {
  readonly query: TaskSubscriptionQuery;
  readonly snapshots: readonly TaskSnapshot[];
  /** By task id, oldest first; empty unless `recentSteps` asked for them. */
  readonly steps: Readonly<Record<string, readonly TaskStep[]>>;
  /** Null when it was not asked for. */
  readonly aggregate: TaskAggregateSnapshot | null;
  /** The place after which changes follow. */
  readonly cursor: EventCursor;
  /** ISO 8601, UTC. */
  readonly timestamp: string;
}

/** What a bootstrap is made of. */
export interface BootstrapParts {
  readonly query: TaskSubscriptionQuery;
  /** Those with `steps` bring them along. */
  readonly snapshots: readonly TaskSnapshot[];
  readonly aggregate: TaskAggregateSnapshot | null;
  readonly cursor: EventCursor;
  readonly now: EpochMs;
}

/** Makes the payload a live view starts from; the steps of the snapshots stand by task id. */
export function createSubscriptionBootstrap(parts: BootstrapParts): TaskSubscriptionBootstrap {
  const steps = parts.snapshots.flatMap(({ id, steps: own }) => (own === undefined ? [] : [[id, own] as const]));
  return {
    query: parts.query,
    snapshots: parts.snapshots,
    steps: Object.fromEntries(steps),
    aggregate: parts.aggregate,
    cursor: parts.cursor,
    timestamp: new Date(parts.now).toISOString(),
  };
}

const ownFieldNames = ["recentSteps", "includeAggregate"];

/**
 * Checks a subscription that came over a wire and fills its defaults.
 *
 * @throws `QUERY_INVALID` with `details.path`.
 */
export function parseTaskSubscription(query: unknown): ResolvedTaskSubscription {
  if (query !== undefined && !isPlainObject(query)) throw invalid("", "A query must be an object.");
  const { recentSteps, includeAggregate, ...rest } = query ?? {};
  const own = queryFields({ recentSteps, includeAggregate }, ownFieldNames);
  return {
    ...parseTaskQuery(rest),
    recentSteps: own.whole("recentSteps", { min: 0, max: 1_000 }) ?? 0,
    includeAggregate: own.flag("includeAggregate") ?? true,
  };
}
