import type { ActivityAnswer, EpochMs, TaskAggregateSnapshot } from "@millrace/models";
import { activityByKind } from "./activity-series.ts";
import { takesTasks, type Fleet } from "./fleet-facts.ts";
import { quantile, type EndedSample } from "./latency.ts";
import type { OverviewWindow } from "./overview-window.ts";

/** A kind in an overview. */
export interface KindRow {
  readonly kind: string;
  /** Also those that are not due yet. */
  readonly queued: number;
  readonly running: number;
  /** Within the window; null where the store cannot tell. */
  readonly ended: number | null;
  readonly failed: number | null;
  readonly perMinute: number | null;
  /** Of the newest ended tasks. */
  readonly p95RunMs: number | null;
  /** How many are due, at most 1,000, and since when the first is; null = none, or it belongs to the whole store. */
  readonly due: number | null;
  readonly oldestDueAt: EpochMs | null;
  /** How many live hosts serve it; null for whoever is kept to a tenant. */
  readonly hosts: number | null;
  /** The limit in force; null = none. */
  readonly limit: number | null;
  readonly paused: { readonly at: EpochMs; readonly by: string | null; readonly why: string | null } | null;
}

/** What rows are made of. */
export interface KindRowSource {
  readonly counts: TaskAggregateSnapshot;
  readonly queued: Readonly<Record<string, number>>;
  readonly running: Readonly<Record<string, number>>;
  readonly series: ActivityAnswer | null;
  readonly sample: readonly EndedSample[];
  readonly fleet: Fleet | null;
  readonly window: OverviewWindow;
}

const most = 200;

/** A row for every kind that has tasks or that a host has told of, by name. Pure. */
export function kindRows(source: KindRowSource): readonly KindRow[] {
  const { counts, series, fleet, sample } = source;
  const names = new Set([...Object.keys(counts.byKind), ...(fleet?.kinds ?? []).map(({ kind }) => kind)]);
  const sums = series ? activityByKind(series) : null;
  const samples = Map.groupBy(sample, ({ kind }) => kind);
  return [...names]
    .toSorted()
    .slice(0, most)
    .map((kind) => {
      const own = sums?.get(kind);
      const ended = sums === null ? null : (own?.succeeded ?? 0) + (own?.failed ?? 0);
      return {
        kind,
        queued: source.queued[kind] ?? 0,
        running: source.running[kind] ?? 0,
        ended,
        failed: sums === null ? null : (own?.failed ?? 0),
        perMinute: ended === null ? null : perMinute(ended, source),
        p95RunMs: quantile(
          (samples.get(kind) ?? []).flatMap(({ runMs }) => runMs ?? []),
          0.95,
        ),
        ...fleetFacts(kind, source),
      };
    });
}

function perMinute(ended: number, { series, window: { from, now } }: KindRowSource): number | null {
  const known = series?.knownFrom ?? null;
  const minutes = known === null ? 0 : (now - Math.max(known, from)) / 60_000;
  return minutes <= 0 ? null : Math.round((ended / Math.max(minutes, 1)) * 10) / 10;
}

function fleetFacts(
  kind: string,
  { fleet, window: { now } }: KindRowSource,
): Pick<KindRow, "due" | "oldestDueAt" | "hosts" | "limit" | "paused"> {
  if (fleet === null) return { due: null, oldestDueAt: null, hosts: null, limit: null, paused: null };
  const record = fleet.kinds.find((one) => one.kind === kind);
  const waiting = fleet.waiting.find((one) => one.kind === kind);
  const pausedAt = record?.pausedAt ?? null;
  return {
    due: waiting?.queued ?? null,
    oldestDueAt: waiting?.since ?? null,
    hosts: fleet.hosts.filter((host) => takesTasks(host, now) && host.kinds.includes(kind)).length,
    limit: record?.limit ?? null,
    paused: record && pausedAt !== null ? { at: pausedAt, by: record.pausedBy, why: record.pausedWhy } : null,
  };
}
