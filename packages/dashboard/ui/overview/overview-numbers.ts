import type { ChartParts } from "../controls/chart-options.ts";
import type { Overview } from "../api/answers.ts";
import { durationText } from "../format/durations.ts";
import { countText } from "../format/numbers.ts";

/** The numbers at the head of the overview; null = not known. */
export interface OverviewNumbers {
  readonly queued: number;
  readonly oldestMs: number | null;
  readonly running: number;
  readonly slots: number | null;
  readonly perMinute: number | null;
  readonly failedShare: number | null;
  readonly failed: number;
}

/** Counts what the head of the overview says. Pure. */
export function overviewNumbers({ counts, kinds, hosts, activity, now, bucketMs }: Overview): OverviewNumbers {
  const oldest = kinds.flatMap(({ oldestDueAt, paused }) =>
    oldestDueAt === null || paused !== null ? [] : [oldestDueAt],
  );
  const buckets = activity?.buckets ?? [];
  const sum = (of: (bucket: (typeof buckets)[number]) => number): number =>
    buckets.reduce((total, bucket) => total + of(bucket), 0);
  const failed = sum((bucket) => bucket.failed);
  const ended = failed + sum((bucket) => bucket.succeeded);
  // The last one is not whole yet; five minutes, or five of them, even the rest out.
  const whole = buckets.slice(0, -1).slice(-Math.max(5, Math.round(300_000 / bucketMs)));
  const recent = whole.reduce((total, bucket) => total + bucket.succeeded + bucket.failed + bucket.cancelled, 0);
  return {
    queued: counts.byState.queued.count,
    oldestMs: oldest.length === 0 ? null : Math.max(0, now - Math.min(...oldest)),
    running: counts.byState.running.count + counts.byState.claimed.count + counts.byState.stale.count,
    slots: hosts?.slots ?? null,
    perMinute: whole.length === 0 ? null : (recent * 60_000) / (whole.length * bucketMs),
    failedShare: ended === 0 ? null : failed / ended,
    failed,
  };
}

/** Ended tasks over time: failed stand at the bottom, so that a rise of theirs is seen. Null where the store keeps none. Pure. */
export function throughputChart({ activity }: Overview): ChartParts | null {
  if (activity === null) return null;
  const { buckets, knownFrom } = activity;
  const known = (at: number, value: number): number | null =>
    knownFrom === null || at < knownFrom ? (value === 0 ? null : value) : value;
  return {
    times: buckets.map(({ at }) => at),
    series: [
      {
        label: "Succeeded",
        colour: "ok-mark",
        look: "columns",
        values: buckets.map(({ at, succeeded, failed }) => known(at, succeeded + failed)),
      },
      {
        label: "Failed",
        colour: "bad-mark",
        look: "columns",
        values: buckets.map(({ at, failed }) => known(at, failed)),
      },
    ],
    valueText: countText,
    isLastOpen: true,
  };
}

/** How long tasks waited and ran. Pure. */
export function latencyChart({ latency, from, now, bucketMs }: Overview): ChartParts {
  const byTime = new Map(latency.buckets.map((bucket) => [bucket.at, bucket]));
  const times = latency.buckets.length === 0 ? [] : gridOf(latency.buckets[0]?.at ?? from, { from, now, bucketMs });
  const line = (of: (bucket: Overview["latency"]["buckets"][number]) => number): (number | null)[] =>
    times.map((at) => {
      const bucket = byTime.get(at);
      return bucket ? of(bucket) : null;
    });
  return {
    times,
    series: [
      { label: "Wait p50", colour: "idle-mark", look: "line", values: line(({ waitP50 }) => waitP50) },
      { label: "p95", colour: "idle-mark", look: "dashes", values: line(({ waitP95 }) => waitP95) },
      { label: "Run p50", colour: "run-mark", look: "line", values: line(({ runP50 }) => runP50) },
      { label: "p95 ", colour: "run-mark", look: "dashes", values: line(({ runP95 }) => runP95) },
    ],
    valueText: durationText,
    isLastOpen: false,
  };
}

/** Times of the whole window that fall together with one of them. */
function gridOf(
  anchor: number,
  { from, now, bucketMs }: { readonly from: number; readonly now: number; readonly bucketMs: number },
): readonly number[] {
  const first = anchor - Math.floor((anchor - from) / bucketMs) * bucketMs;
  const count = Math.min(500, Math.max(1, Math.floor((now - first) / bucketMs) + 1));
  return Array.from({ length: count }, (_, index) => first + index * bucketMs);
}
