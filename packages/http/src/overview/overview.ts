import {
  isTaskError,
  type ActivityAnswer,
  type ActivityType,
  type EpochMs,
  type OccurrenceRecord,
  type TaskAggregateSnapshot,
  type TaskFilter,
} from "@millrace/models";
import type { HttpApi } from "../routes/route.ts";
import { activityByKind, activityParts, type ActivityPart, type ActivitySums } from "./activity-series.ts";
import { attention, recentMs, type Attention } from "./attention.ts";
import { hostSums, type Fleet, type HostSums } from "./fleet-facts.ts";
import { kindRows, type KindRow } from "./kind-rows.ts";
import { endedSample, latencyParts, type LatencyPart } from "./latency.ts";
import { type OverviewWindow, type OverviewWindowName } from "./overview-window.ts";

/** Whether anything is wrong, whether work flows, who does it. */
export interface Overview {
  readonly now: EpochMs;
  readonly window: OverviewWindowName;
  readonly from: EpochMs;
  readonly bucketMs: number;
  readonly counts: TaskAggregateSnapshot;
  /** Null where the store cannot tell. */
  readonly activity: {
    /** Numbers are whole from here on; null = nothing is known. */
    readonly knownFrom: EpochMs | null;
    /** Every part of the window; the last is not over yet. */
    readonly buckets: readonly ActivityPart[];
  } | null;
  /** Of the newest ended tasks, `sampled` of which ended within the window. */
  readonly latency: { readonly sampled: number; readonly buckets: readonly LatencyPart[] };
  readonly kinds: readonly KindRow[];
  /** Null for whoever is kept to a tenant. */
  readonly hosts: HostSums | null;
  readonly attention: readonly Attention[];
}

type OverviewApi = Pick<HttpApi, "client" | "schedules">;

/** What an overview is made from. */
export interface OverviewSource {
  readonly api: OverviewApi;
  readonly scope: Pick<TaskFilter, "tenantId">;
  readonly window: OverviewWindow;
  /** What happened in a day; null where the store cannot tell. May be a minute old. */
  readonly usual: ActivityAnswer | null;
}

/** Looks at everything at once. */
export async function readOverview({ api, scope, window, usual }: OverviewSource): Promise<Overview> {
  const { now, from, partMs } = window;
  const { client } = api;
  const [counts, queued, running, series, sample, fleet, unmet] = await Promise.all([
    client.readAggregate(scope),
    client.readAggregate({ ...scope, statuses: ["queued"] }),
    client.readAggregate({ ...scope, statuses: ["claimed", "running"] }),
    orNull(client.readActivity({ ...scope, from, partMs })),
    endedSample(client, scope, window),
    scope.tenantId === undefined ? readFleet(client) : null,
    unmetOf(api, scope),
  ]);
  const runningByKind = countsOf(running);
  // Whole parts only, so that the one look serves both.
  const recentFrom = now - recentMs - ((now - recentMs) % partMs);
  const recent = series ? activityByKind(series, recentFrom) : new Map<string, ActivitySums>();
  return {
    now,
    window: window.name,
    from,
    bucketMs: partMs,
    counts,
    activity: series && { knownFrom: series.knownFrom, buckets: activityParts(series, window) },
    latency: { sampled: sample.length, buckets: latencyParts(sample, window) },
    kinds: kindRows({ counts, queued: countsOf(queued), running: runningByKind, series, sample, fleet, window }),
    hosts: fleet && hostSums(fleet.hosts, now),
    attention: attention({
      now,
      recentFrom,
      recent,
      usual: without(usual ? activityByKind(usual) : new Map(), recent),
      stale: counts.byState.stale.count,
      running: runningByKind,
      fleet,
      unmet,
    }),
  };
}

async function readFleet(client: OverviewApi["client"]): Promise<Fleet> {
  const [kinds, hosts, waiting] = await Promise.all([
    client.listKinds(),
    orNull(client.listHosts()),
    orNull(client.listWaitingKinds()),
  ]);
  return { kinds, hosts: hosts ?? [], waiting: waiting ?? [] };
}

async function unmetOf({ schedules }: OverviewApi, { tenantId }: TaskFilter): Promise<readonly OccurrenceRecord[]> {
  if (schedules === null) return [];
  return (await orNull(schedules.unmet({ limit: 50, ...(tenantId === undefined ? {} : { tenantId }) }))) ?? [];
}

/** Null where the store has no such part, or the host whose part it is does not run. */
export async function orNull<Answer>(answer: Promise<Answer>): Promise<Answer | null> {
  try {
    return await answer;
  } catch (error) {
    if (isTaskError(error) && (error.code === "FACET_MISSING" || error.code === "HOST_STATE_INVALID")) return null;
    throw error;
  }
}

function countsOf({ byKind }: TaskAggregateSnapshot): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(byKind).map(([kind, { count }]) => [kind, count]));
}

function without(
  all: ReadonlyMap<string, ActivitySums>,
  part: ReadonlyMap<string, ActivitySums>,
): ReadonlyMap<string, ActivitySums> {
  const less = (kind: string, sums: ActivitySums): ActivitySums => {
    const own = part.get(kind);
    const entries = Object.entries(sums) as readonly (readonly [ActivityType, number])[];
    return Object.fromEntries(entries.map(([type, n]) => [type, Math.max(0, n - (own?.[type] ?? 0))])) as never;
  };
  return new Map([...all].map(([kind, sums]) => [kind, less(kind, sums)]));
}
