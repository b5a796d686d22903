import {
  type ActivityAnswer,
  type ActivityType,
  type EpochMs,
  type KindLoad,
  type OccurrenceRecord,
  type TaskAggregateSnapshot,
  type TaskFilter,
} from "@millrace/models";
import type { HttpApi } from "../routes/route.ts";
import type { ActivityBook } from "./activity-book.ts";
import { activityByKind, activityParts, type ActivityPart, type ActivitySums } from "./activity-series.ts";
import { attention, recentMs, type Attention } from "./attention.ts";
import { hostSums, type Fleet, type HostSums } from "./fleet-facts.ts";
import { orNull } from "./or-null.ts";
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
  /** Null for whoever is kept to a tenant, and where the store keeps no list of hosts. */
  readonly hosts: HostSums | null;
  readonly attention: readonly Attention[];
}

type OverviewApi = Pick<HttpApi, "client" | "schedules">;

/** What an overview is made from. */
export interface OverviewSource {
  readonly api: OverviewApi;
  readonly scope: Pick<TaskFilter, "tenantId">;
  readonly window: OverviewWindow;
  readonly activity: ActivityBook;
}

/** Looks at everything at once. */
export async function readOverview({ api, scope, window, activity }: OverviewSource): Promise<Overview> {
  const { now, from, partMs } = window;
  const { client } = api;
  const isWhole = scope.tenantId === undefined;
  const [counts, loads, day, sample, fleet, unmet] = await Promise.all([
    client.readAggregate(scope),
    isWhole ? orNull(client.listKindLoads()) : null,
    activity.read(),
    endedSample(client, scope, window),
    isWhole ? readFleet(client) : null,
    unmetOf(api, scope),
  ]);
  const { queued, running } = loads ? sumsOf(loads) : await countsOf(client, scope);
  const known = fleet && { ...fleet, hosts: fleet.hosts ?? [], waiting: waitingOf(loads ?? []) };
  // Whole minutes, which is how activity is known.
  const recentFrom = now - recentMs - ((now - recentMs) % 60_000);
  const recent = day ? activityByKind(day, recentFrom) : new Map<string, ActivitySums>();
  const series = day && { knownFrom: knownWithin(day, from), counts: day.counts.filter(({ at }) => at >= from) };
  return {
    now,
    window: window.name,
    from,
    bucketMs: partMs,
    counts,
    activity: series && { knownFrom: series.knownFrom, buckets: activityParts(series, window) },
    latency: { sampled: sample.length, buckets: latencyParts(sample, window) },
    kinds: kindRows({ counts, queued, running, series, sample, fleet: known, window }),
    hosts: fleet?.hosts ? hostSums(fleet.hosts, now) : null,
    attention: attention({
      now,
      recentFrom,
      recent,
      usual: without(day ? activityByKind(day) : new Map(), recent),
      stale: counts.byState.stale.count,
      running,
      fleet: known,
      unmet,
    }),
  };
}

function knownWithin({ knownFrom }: ActivityAnswer, from: EpochMs): EpochMs | null {
  return knownFrom === null ? null : Math.max(knownFrom, from);
}

async function readFleet(
  client: OverviewApi["client"],
): Promise<Pick<Fleet, "kinds"> & { readonly hosts: Fleet["hosts"] | null }> {
  const [kinds, hosts] = await Promise.all([client.listKinds(), orNull(client.listHosts())]);
  return { kinds, hosts };
}

function waitingOf(loads: readonly KindLoad[]): Fleet["waiting"] {
  return loads.flatMap(({ kind, due, since }) => (since === null ? [] : [{ kind, queued: due, since }]));
}

async function unmetOf({ schedules }: OverviewApi, { tenantId }: TaskFilter): Promise<readonly OccurrenceRecord[]> {
  if (schedules === null) return [];
  const page = await orNull(schedules.unmet({ limit: 50, ...(tenantId === undefined ? {} : { tenantId }) }));
  return page?.occurrences ?? [];
}

/** How many tasks of each kind. */
interface Loads {
  readonly queued: Readonly<Record<string, number>>;
  readonly running: Readonly<Record<string, number>>;
}

function sumsOf(loads: readonly KindLoad[]): Loads {
  return {
    queued: Object.fromEntries(loads.map(({ kind, queued }) => [kind, queued])),
    running: Object.fromEntries(loads.map(({ kind, running }) => [kind, running])),
  };
}

/** Of a tenant, or of a store that has no better way. */
async function countsOf(client: OverviewApi["client"], scope: OverviewSource["scope"]): Promise<Loads> {
  const [queued, running] = await Promise.all([
    client.readAggregate({ ...scope, statuses: ["queued"] }),
    client.readAggregate({ ...scope, statuses: ["claimed", "running"] }),
  ]);
  return { queued: byKind(queued), running: byKind(running) };
}

function byKind(counts: TaskAggregateSnapshot): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(counts.byKind).map(([kind, { count }]) => [kind, count]));
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
