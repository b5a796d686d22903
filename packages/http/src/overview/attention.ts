import type { EpochMs, HostRecord, OccurrenceRecord } from "@millrace/models";
import type { ActivitySums } from "./activity-series.ts";
import { hostHealth, takesTasks, type Fleet } from "./fleet-facts.ts";

/** Something that somebody should look at, with its facts and the query that shows its tasks. */
export type Attention = { readonly severity: "bad" | "warn"; readonly q?: string } & (
  | {
      readonly code: "failing";
      readonly kind: string;
      readonly failed: number;
      readonly ended: number;
      readonly rate: number;
      /** The day before; null = nothing ended then, as far as is known. */
      readonly usualRate: number | null;
      readonly since: EpochMs;
    }
  | { readonly code: "stale"; readonly count: number }
  | {
      readonly code: "host-lost" | "host-late";
      readonly hostId: string;
      readonly label: string;
      readonly lastSeenAt: EpochMs;
    }
  | {
      readonly code: "unserved" | "long-wait" | "dispatch-stalled";
      readonly kind: string;
      /** Those that are due; no more than 1,000 are counted. */
      readonly queued: number;
      readonly since: EpochMs;
      /** Of the hosts that serve it. */
      readonly freeSlots: number;
    }
  | ({ readonly code: "schedule-missed" } & Pick<
      OccurrenceRecord,
      "scheduleId" | "tenantId" | "scheduledFor" | "until" | "count" | "outcome" | "reason"
    >)
);

/** What attention is judged by. */
export interface AttentionScene {
  readonly now: EpochMs;
  /** What ended in the last quarter of an hour or so, by kind, and in the day before that. */
  readonly recentFrom: EpochMs;
  readonly recent: ReadonlyMap<string, ActivitySums>;
  readonly usual: ReadonlyMap<string, ActivitySums>;
  readonly stale: number;
  /** Tasks that run now, by kind. */
  readonly running: Readonly<Record<string, number>>;
  /** Null for whoever is kept to a tenant: it belongs to the whole store. */
  readonly fleet: Fleet | null;
  readonly unmet: readonly OccurrenceRecord[];
}

/** How far back failures are judged by their rate. */
export const recentMs = 900_000;
/** And how far back what was missed is told of. */
const usualMs = 86_400_000;
const leastFailures = 10;
const timesUsual = 3;
const rateWithoutUsual = 0.1;
const stalledAfterMs = 30_000;
const longWaitMs = 300_000;
const most = 50;

/** Everything that calls for attention, the worst first. Pure. */
export function attention(scene: AttentionScene): readonly Attention[] {
  const found = [...failing(scene), ...stale(scene), ...hosts(scene), ...queues(scene), ...missed(scene)];
  const bad = found.filter(({ severity }) => severity === "bad");
  return [...bad, ...found.filter(({ severity }) => severity === "warn")].slice(0, most);
}

function failing({ now, recentFrom, recent, usual }: AttentionScene): readonly Attention[] {
  return [...recent].flatMap(([kind, { failed, succeeded }]): readonly Attention[] => {
    const ended = failed + succeeded;
    const rate = ended === 0 ? 0 : failed / ended;
    const before = usual.get(kind);
    const endedBefore = (before?.failed ?? 0) + (before?.succeeded ?? 0);
    const usualRate = endedBefore === 0 ? null : (before?.failed ?? 0) / endedBefore;
    const bound = usualRate === null ? rateWithoutUsual : usualRate * timesUsual;
    if (failed < leastFailures || rate <= bound) return [];
    const minutes = Math.ceil((now - recentFrom) / 60_000);
    const q = `kind:${quoted(kind)} state:failed age:<${minutes}m`;
    return [{ code: "failing", severity: "bad", kind, failed, ended, rate, usualRate, since: recentFrom, q }];
  });
}

function stale({ stale: count }: AttentionScene): readonly Attention[] {
  return count === 0 ? [] : [{ code: "stale", severity: "bad", count, q: "state:stale" }];
}

function hosts({ fleet, now }: AttentionScene): readonly Attention[] {
  return (fleet?.hosts ?? []).flatMap((host): readonly Attention[] => {
    const { hostId, label, lastSeenAt } = host;
    const facts = { hostId, label, lastSeenAt, q: `host:${quoted(hostId)}` };
    const health = hostHealth(host, now);
    if (health === "lost") return [{ code: "host-lost", severity: "bad", ...facts }];
    return health === "late" ? [{ code: "host-late", severity: "warn", ...facts }] : [];
  });
}

function queues({ fleet, now, running }: AttentionScene): readonly Attention[] {
  if (fleet === null) return [];
  const paused = new Set(fleet.kinds.flatMap(({ kind, pausedAt }) => (pausedAt === null ? [] : [kind])));
  const rated = new Set(fleet.kinds.flatMap(({ kind, rate }) => (rate === null ? [] : [kind])));
  return fleet.waiting.flatMap(({ kind, queued, since }): readonly Attention[] => {
    if (paused.has(kind)) return [];
    const serving = fleet.hosts.filter((host) => takesTasks(host, now) && host.kinds.includes(kind));
    const freeSlots = serving.reduce((sum, host) => sum + freeOf(host), 0);
    const facts = { kind, queued, since, freeSlots, q: `kind:${quoted(kind)} state:queued` };
    if (serving.length === 0) return [{ code: "unserved", severity: "bad", ...facts }];
    const waitedMs = now - since;
    // A rate keeps tasks waiting on purpose.
    if (waitedMs > stalledAfterMs && freeSlots > 0 && (running[kind] ?? 0) === 0 && !rated.has(kind)) {
      return [{ code: "dispatch-stalled", severity: "bad", ...facts }];
    }
    return waitedMs > longWaitMs ? [{ code: "long-wait", severity: "warn", ...facts }] : [];
  });
}

function freeOf({ slots, running }: HostRecord): number {
  return Math.max(0, slots - running);
}

/** The newest of each schedule, of the last day. */
function missed({ unmet, now }: AttentionScene): readonly Attention[] {
  const seen = new Set<string>();
  return unmet.flatMap((occurrence): readonly Attention[] => {
    const { scheduleId, tenantId, scheduledFor, until, count, outcome, reason, recordedAt } = occurrence;
    const key = JSON.stringify([tenantId, scheduleId]);
    if ((outcome !== "missed" && outcome !== "refused") || recordedAt < now - usualMs || seen.has(key)) return [];
    seen.add(key);
    const facts = { scheduleId, tenantId, scheduledFor, until, count, outcome, reason };
    return [{ code: "schedule-missed", severity: "warn", ...facts, q: `schedule:${quoted(scheduleId)}` }];
  });
}

/** As the query language takes it. */
function quoted(value: string): string {
  return /^[\w.-]+$/.test(value) ? value : JSON.stringify(value);
}
