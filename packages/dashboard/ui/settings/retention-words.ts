import type { OutdatedCounts, TaskCount, TaskRetentionPolicy } from "@millrace/models";
import { durationText } from "../format/durations.ts";
import { exactText, sizeText } from "../format/numbers.ts";

const dayMs = 86_400_000;

/** How tasks may end, and what a policy says of those: how long, and how many of each kind. */
export const rules = [
  ["succeeded", "successTtlMs", "keepLatestSuccessesPerKind"],
  ["failed", "failedTtlMs", "keepLatestFailuresPerKind"],
  ["cancelled", "cancelledTtlMs", null],
] as const;

/** What is kept: `succeeded 7d, failed 30d and at most 100 a kind, cancelled for ever, at most 50 steps a task`. */
export function policyText(policy: TaskRetentionPolicy): string {
  const kept = rules.map(([word, ttl, keep]) => {
    const [ttlMs, most] = [policy[ttl] ?? null, (keep && policy[keep]) ?? null];
    const bounds = [
      ttlMs === null ? "" : durationText(ttlMs),
      most === null ? "" : `at most ${exactText(most)} a kind`,
    ];
    return `${word} ${bounds.filter(Boolean).join(" and ") || "for ever"}`;
  });
  const steps = policy.stepLimitPerTask ?? null;
  return [...kept, ...(steps === null ? [] : [`at most ${exactText(steps)} steps a task`])].join(", ");
}

/** A time to live in days, for a field. */
export function daysOf(ttlMs: number | null | undefined): number | "" {
  return typeof ttlMs === "number" ? Number((ttlMs / dayMs).toFixed(4)) : "";
}

/** What is asked of the API: the policy with the days of a form, of which an empty field keeps for ever. */
export function previewQuery(
  policy: TaskRetentionPolicy,
  days: Pick<FormData, "get">,
): Readonly<Record<string, string | number>> {
  const asked = rules.flatMap(([, ttl, keep]): readonly (readonly [string, string | number])[] => {
    const typed = days.get(ttl);
    return [
      [ttl, typed === "" ? "" : Math.round(Number(typed) * dayMs)],
      ...(keep ? [[keep, policy[keep] ?? ""] as const] : []),
    ];
  });
  return Object.fromEntries(asked);
}

/** What a sweep would do; its size is the share of the store that so many of all tasks take, where both are known. */
export function previewText(counts: OutdatedCounts, all: TaskCount | undefined, sizeBytes: number | null): string {
  const count = counts.succeeded + counts.failed + counts.cancelled;
  if (count === 0) return "Nothing would be removed.";
  const isKnown = counts.exact && all?.exact && all.count > 0 && sizeBytes !== null;
  const size = isKnown ? `, about ${sizeText(Math.round((sizeBytes * count) / all.count))}` : "";
  const parts = rules.flatMap(([word]) => (counts[word] === 0 ? [] : `${exactText(counts[word])} ${word}`));
  const tasks = `${exactText(count)} task${count === 1 ? "" : "s"}`;
  return `Would remove ${counts.exact ? "" : "at least "}${tasks} now${size}: ${parts.join(", ")}.`;
}
