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
import { attention, recentMs, usualMs, type Attention } from "./attention.ts";
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

/** Looks at everything at once. */
export async function readOverview(
  api: OverviewApi,
  scope: TaskFilter & { readonly tenantId?: string },
  window: OverviewWindow,
): Promise<Overview> {
  const { now, from, partMs } = window;
  const { client } = api;
  const isWhole = scope.tenantId === undefined;
  const activityFrom = (start: EpochMs, part: number): Promise<ActivityAnswer | null> =>
    orNull(client.readActivity({ ...scope, from: start, partMs: part }));
  const [counts, queued, running, series, recent, usual, sample, fleet, unmet] = await Promise.all([
    client.readAggregate(scope),
    client.readAggregate({ ...scope, statuses: ["queued"] }),
    client.readAggregate({ ...scope, statuses: ["claimed", "running"] }),
    activityFrom(from, partMs),
    activityFrom(now - recentMs, recentMs),
    activityFrom(now - usualMs, usualMs),
    endedSample(client, scope, window),
    isWhole ? readFleet(client) : null,
    unmetOf(api, scope),
  ]);
  const runningByKind = countsOf(running);
  const recentByKind = recent ? activityByKind(recent) : new Map<string, ActivitySums>();
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
      recent: recentByKind,
      usual: without(usual ? activityByKind(usual) : new Map(), recentByKind),
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
async function orNull<Answer>(answer: Promise<Answer>): Promise<Answer | null> {
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
